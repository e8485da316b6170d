import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { SluiceError } from '@sluice/contract/errors';
import { visibleLine } from '../render/visible.ts';
import { dataAnswer } from './answer.ts';
import type { Toolbox, ToolCaller } from './toolbox.ts';
import { describeTools, INSTRUCTIONS, TOOLS, type ToolName } from './tools.ts';

/** Words of progress: ours, and the same each time. */
const WAITING = 'Waiting for another person to decide about the request.';

/** A server with these tools, whatever happens: the list is fixed, and nothing is announced later. */
export function makeServer(toolbox: Toolbox, version: string): McpServer {
  const mcp = new McpServer(
    { name: 'sluice', version },
    { capabilities: { tools: { listChanged: false } }, instructions: INSTRUCTIONS },
  );
  const tools = describeTools();
  mcp.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  mcp.server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, _meta, sendNotification }) => {
    const { name, arguments: input = {} } = params;
    if (!isTool(name)) throw new McpError(ErrorCode.InvalidParams, 'there is no tool of that name');
    const token = _meta?.progressToken;
    const progress: ToolCaller['progress'] =
      token === undefined
        ? null
        : ({ waited, of }) => {
            const told = { progressToken: token, progress: waited, total: of, message: WAITING };
            // A client that has left is no concern of the statement's.
            sendNotification({ method: 'notifications/progress', params: told }).catch(() => undefined);
          };
    return await call(toolbox, name, input, { signal, progress });
  });
  return mcp;
}

function isTool(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

/** What went wrong with a call is an answer, so that the agent reads it; it ends no server. */
async function call<N extends ToolName>(
  toolbox: Toolbox,
  name: N,
  input: unknown,
  caller: ToolCaller,
): Promise<CallToolResult> {
  // Strict: an argument that the tool does not have ("principal", "approved") is an error, not ignored.
  const parsed = TOOLS[name].input.safeParse(input);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => visibleLine(`${path.join('.')}: ${message}`));
    return failure('USAGE', { message: issues.join('; ').slice(0, 2_000), remedy: 'Call it as its schema says.' });
  }
  try {
    const run: (input: never, caller: ToolCaller) => Promise<CallToolResult> = toolbox.tools[name];
    return await run(parsed.data as never, caller);
  } catch (error) {
    if (caller.signal.aborted) throw error;
    const told =
      error instanceof SluiceError
        ? error
        : new SluiceError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
    return failure(told.code, { message: told.message, remedy: told.remedy });
  }
}

function failure(code: string, error: { readonly message: string; readonly remedy: string }): CallToolResult {
  const { content } = dataAnswer(`The call failed (${code}).`, { untrusted: true, error: { code, ...error } });
  return { content, isError: true };
}
