/** Whether this client is too old for its gateway, from what the gateway says in its answers. Nobody else is asked. */

export type GatewayVersions = {
  /** Of the gateway: header `sluice-version`. */
  readonly gateway: string;
  /** The oldest client that it likes: header `sluice-oldest-client`. */
  readonly oldestClient: string;
};

export type UpgradeAdvice = 'needed' | 'possible' | 'none';

/** From the headers of an answer; null when they are not there, or not versions: nothing else of them is ever shown. */
export function gatewayVersions(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): GatewayVersions | null {
  const gateway = headers['sluice-version'];
  const oldestClient = headers['sluice-oldest-client'];
  const isVersion = (value: typeof gateway): value is string => typeof value === 'string' && parse(value) !== null;
  return isVersion(gateway) && isVersion(oldestClient) ? { gateway, oldestClient } : null;
}

export function upgradeAdvice(own: string, { gateway, oldestClient }: GatewayVersions): UpgradeAdvice {
  if (isOlder(own, oldestClient)) return 'needed';
  return isOlder(own, gateway) ? 'possible' : 'none';
}

function isOlder(a: string, b: string): boolean {
  const [left, right] = [parse(a) ?? [], parse(b) ?? []];
  for (const [index, number] of left.entries()) {
    const other = right[index] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}

/** `1.2.3`, and nothing more: its three numbers. */
function parse(version: string): readonly number[] | null {
  const numbers = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(version)?.slice(1);
  return numbers === undefined ? null : numbers.map(Number);
}
