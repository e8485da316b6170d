/**
 * A PostgreSQL client made of bytes: it says whatever a test wants it to, and reads what comes back message by message.
 * Its login is written from the manual and RFC 5802, apart from the gateway's own.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

/** A message of the server after the start-up: type letter and body. */
export type ServerMessage = { readonly type: string; readonly body: Buffer };

export type Login = { readonly user: string; readonly password: string; readonly database: string };

const PROTOCOL_3_0 = 0x0003_0000;
const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;
/** Ends a wait for something that never comes, milliseconds. */
const WAIT_LIMIT_MS = 90_000;

// ---- bytes

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

export function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

/** `Int32 length · body`: a packet of the start-up phase. */
export function packet(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([int32(4 + body.length), body]);
}

/** `Byte1 type · Int32 length · body`. */
export function message(type: string, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), packet(...parts)]);
}

export function startup(parameters: readonly (readonly [string, string])[], version = PROTOCOL_3_0): Buffer {
  const pairs = parameters.flatMap(([name, value]) => [cstring(name), cstring(value)]);
  return packet(int32(version), ...pairs, Buffer.alloc(1));
}

export const sslRequest = (): Buffer => packet(int32(SSL_REQUEST));
export const query = (text: string): Buffer => message('Q', cstring(text));
export const parse = (name: string, text: string): Buffer => message('P', cstring(name), cstring(text), int16(0));
export const bind = (portal: string, statement: string): Buffer =>
  message('B', cstring(portal), cstring(statement), int16(0), int16(0), int16(0));
export const execute = (portal: string, maxRows = 0): Buffer => message('E', cstring(portal), int32(maxRows));
export const sync = (): Buffer => message('S');
export const cancelRequest = (processId: number, key: Buffer): Buffer =>
  packet(int32(CANCEL_REQUEST), int32(processId), key);

/** Fields of an ErrorResponse or NoticeResponse by their letter. */
export function reportOf({ body }: ServerMessage): Readonly<Record<string, string>> {
  const fields = body.toString('utf8').split('\0');
  return Object.fromEntries(fields.filter((field) => field !== '').map((field) => [field.charAt(0), field.slice(1)]));
}

/** Texts of a DataRow. */
export function cellsOf({ body }: ServerMessage): readonly (string | null)[] {
  const cells: (string | null)[] = [];
  let at = 2;
  for (let count = body.readInt16BE(0); count > 0; count -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    cells.push(length < 0 ? null : body.toString('utf8', at, at + length));
    at += Math.max(length, 0);
  }
  return cells;
}

// ---- the client

export class EvilClient {
  #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #closed = false;
  #changed = Promise.withResolvers<void>();
  /** From BackendKeyData. */
  processId = 0;
  cancelKey: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  static async connect(port: number): Promise<EvilClient> {
    const socket = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    return new EvilClient(socket);
  }

  /** Connects with TLS from the first byte. */
  static async connectTls(port: number, options: ConnectionOptions): Promise<EvilClient> {
    const socket = connectTls({ port, host: '127.0.0.1', ...options });
    await once(socket, 'secureConnect');
    return new EvilClient(socket);
  }

  /** A client whose login is done; over TLS when options for it are given. */
  static async login(
    port: number,
    login: Login,
    options: { version?: number; tls?: ConnectionOptions } = {},
  ): Promise<EvilClient> {
    const client = await EvilClient.connect(port);
    if (options.tls !== undefined) await client.startTls(options.tls);
    const first = await client.authenticate(login, options.version);
    if (first.type !== 'R') throw new Error(`the login failed: ${reportOf(first)['M'] ?? first.type}`);
    for (const sent of await client.until('Z')) {
      if (sent.type !== 'K') continue;
      client.processId = sent.body.readInt32BE(0);
      client.cancelKey = Buffer.from(sent.body.subarray(4));
    }
    return client;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get socket(): Socket {
    return this.#socket;
  }

  send(...bytes: readonly Buffer[]): void {
    this.#socket.write(Buffer.concat(bytes));
  }

  /** Half-close: nothing more will be sent. */
  finish(): void {
    this.#socket.end();
  }

  /** TCP reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await this.#until(() => this.#closed);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  /** Sends SSLRequest and, when it is accepted, goes over to TLS. */
  async startTls(options: ConnectionOptions): Promise<void> {
    this.send(sslRequest());
    const answer = await this.byte();
    if (answer !== 'S') throw new Error(`SSLRequest was answered with ${answer}`);
    const plain = this.#socket;
    plain.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close');
    const secure = connectTls({ socket: plain, ...options });
    try {
      await once(secure, 'secureConnect');
    } catch (error) {
      plain.destroy();
      throw error;
    }
    this.#socket = secure;
    this.#listen(secure);
  }

  /** One byte: the answer to SSLRequest or GSSENCRequest. */
  async byte(): Promise<string> {
    await this.#until(() => this.#received.length > 0);
    const byte = this.#received.toString('latin1', 0, 1);
    this.#received = this.#received.subarray(1);
    return byte;
  }

  /** The next message; throws when the connection ends first. */
  async next(): Promise<ServerMessage> {
    let found = this.#take();
    if (found !== null) return found;
    await this.#until(() => (found = this.#take()) !== null || this.#closed);
    if (found === null) throw new Error('the connection ended');
    return found;
  }

  /** Messages up to and including the first of this type. */
  async until(type: string): Promise<readonly ServerMessage[]> {
    const messages: ServerMessage[] = [];
    for (;;) {
      const found = await this.next();
      messages.push(found);
      if (found.type === type) return messages;
    }
  }

  /** Messages up to the first of this type, or up to the end of the connection. */
  async collect(type: string): Promise<readonly ServerMessage[]> {
    return await this.collectAny(new Set([type]));
  }

  /** Messages up to the first of one of these types, or up to the end of the connection, or this many. */
  async collectAny(types: ReadonlySet<string>, limit = Infinity): Promise<readonly ServerMessage[]> {
    const messages: ServerMessage[] = [];
    while (messages.length < limit) {
      let found = this.#take();
      if (found === null) await this.#until(() => (found = this.#take()) !== null || this.#closed);
      if (found === null) return messages;
      messages.push(found);
      if (types.has(found.type)) return messages;
    }
    return messages;
  }

  /** Everything up to the end of the connection. */
  async rest(): Promise<readonly ServerMessage[]> {
    await this.#until(() => this.#closed);
    const messages: ServerMessage[] = [];
    for (let found = this.#take(); found !== null; found = this.#take()) messages.push(found);
    return messages;
  }

  /** Resolves when the gateway has closed; with fields of the last error, or null when it said none. */
  async refusal(): Promise<Readonly<Record<string, string>> | null> {
    const error = (await this.rest()).findLast(({ type }) => type === 'E');
    return error === undefined ? null : reportOf(error);
  }

  /** A simple query: messages up to ReadyForQuery. */
  async query(text: string): Promise<readonly ServerMessage[]> {
    this.send(query(text));
    return await this.until('Z');
  }

  /** First cell of the first row of a simple query. */
  async value(text: string): Promise<string | null> {
    const answers = await this.query(text);
    const row = answers.find(({ type }) => type === 'D');
    if (row !== undefined) return cellsOf(row)[0] ?? null;
    const error = answers.find(({ type }) => type === 'E');
    throw new Error(error === undefined ? 'no row' : reportOf(error)['M']);
  }

  /** Start-up and password, by whatever method is asked for. Returns AuthenticationOk, or the error. */
  async authenticate(login: Login, version = PROTOCOL_3_0): Promise<ServerMessage> {
    this.send(
      startup(
        [
          ['user', login.user],
          ['database', login.database],
        ],
        version,
      ),
    );
    let found = await this.next();
    if (found.type === 'v') found = await this.next();
    if (found.type !== 'R') return found;
    switch (found.body.readInt32BE(0)) {
      case 3:
        this.send(message('p', cstring(login.password)));
        return await this.next();
      case 10:
        return await this.#scram(login.password);
      default:
        return found;
    }
  }

  /** RFC 5802 without channel binding. Checks the server's signature as well. */
  async #scram(password: string): Promise<ServerMessage> {
    const bare = `n=,r=${randomBytes(18).toString('base64')}`;
    const first = Buffer.from(`n,,${bare}`);
    this.send(message('p', cstring('SCRAM-SHA-256'), int32(first.length), first));
    const challenge = await this.next();
    if (challenge.type !== 'R') return challenge;
    const serverFirst = challenge.body.toString('utf8', 4);
    const [, nonce = '', salt = '', rounds = ''] = /^r=(.*),s=(.*),i=(\d+)$/.exec(serverFirst) ?? [];
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256');
    const withoutProof = `c=biws,r=${nonce}`;
    const exchanged = `${bare},${serverFirst},${withoutProof}`;
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash('sha256').update(clientKey).digest(), exchanged);
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    this.send(message('p', Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`)));
    const final = await this.next();
    if (final.type !== 'R') return final;
    const expected = `v=${hmac(hmac(salted, 'Server Key'), exchanged).toString('base64')}`;
    if (final.body.toString('utf8', 4) !== expected)
      throw new Error('the gateway did not prove that it knows the secret');
    return await this.next();
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#tell();
    });
    // A reset is an end like another: `closed` tells.
    socket.on('error', () => socket.destroy());
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
  }

  #end(): void {
    this.#closed = true;
    this.#tell();
  }

  #tell(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }

  #take(): ServerMessage | null {
    if (this.#received.length < 5) return null;
    const end = 1 + this.#received.readInt32BE(1);
    if (this.#received.length < end) return null;
    const taken = { type: this.#received.toString('latin1', 0, 1), body: Buffer.from(this.#received.subarray(5, end)) };
    this.#received = this.#received.subarray(end);
    return taken;
  }

  async #until(isDone: () => boolean): Promise<void> {
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => limit.reject(new Error(`nothing more came within ${WAIT_LIMIT_MS} ms`)),
      WAIT_LIMIT_MS,
    );
    try {
      while (!isDone()) await Promise.race([this.#changed.promise, limit.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
