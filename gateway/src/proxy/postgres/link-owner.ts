import type { BackendMessage } from '../../protocol/postgres/backend.ts';
import type { UpstreamMessage } from '../../protocol/postgres/frontend-encode.ts';

/** What the link needs from its surroundings. */
export interface LinkOwner {
  /** Bytes for the client, in order. */
  toClient(bytes: Buffer): void;
  /** Bytes for the server; they may wait for `flushToServer`. */
  toServer(bytes: Buffer): void;
  /** The same of a message that is not encoded yet. */
  send(message: UpstreamMessage): void;
  /** What waits has to go now: somebody waits for the answer. */
  flushToServer(): void;
  /** Whether the recording keeps another row of this statement. */
  wantsRow(statementId: number): boolean;
  onRow(statementId: number, cells: readonly (Buffer | null)[] | null): void;
  /** The client's client_min_messages. */
  clientMinMessages(): string;
  /** Reads nothing more from the server, or goes on. */
  pauseServer(): void;
  resumeServer(): void;
  /** The client's messages wait until the work is done. False when they cannot, because one is being handled. */
  occupy(work: () => Promise<void>): boolean;
  /** The connection cannot go on. */
  failed(error: unknown): void;
  /** A tree of a nested statement (function body, trigger): it bears a CONTEXT. */
  onNestedTree(): void;
  /** A notification as the client may see it; null for one that it may not. */
  notification(message: NotificationResponse): Buffer | null;
}

export type NotificationResponse = Extract<BackendMessage, { kind: 'NotificationResponse' }>;
