/** A network of its own for a client: a namespace with one cable to this machine, which can be pulled. Root only. */
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** An address that no card of either end has: what is sent to it is dropped on arrival, without a word. */
const NOBODYS_CARD = '02:00:00:00:00:01';
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

/** Whether this process may make namespaces and cables. Makes one to find out. */
export function canMakeNetworks(): boolean {
  const { netns, near, far } = namesOf(randomBytes(3).toString('hex'));
  const made =
    spawnSync('ip', ['netns', 'add', netns], { env: { PATH } }).status === 0 &&
    spawnSync('ip', ['link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', netns], { env: { PATH } })
      .status === 0;
  spawnSync('ip', ['netns', 'delete', netns], { env: { PATH } });
  return made;
}

export class ClientNetwork {
  /** Of this machine, as the client's side sees it. */
  readonly gatewayAddress: string;
  readonly #netns: string;
  readonly #near: string;
  readonly #far: string;
  readonly #subnet: string;

  private constructor(names: ReturnType<typeof namesOf>, subnet: string) {
    this.#netns = names.netns;
    this.#near = names.near;
    this.#far = names.far;
    this.#subnet = subnet;
    this.gatewayAddress = `${subnet}.1`;
  }

  static async make(): Promise<ClientNetwork> {
    const names = namesOf(randomBytes(3).toString('hex'));
    // 198.18.0.0/15 is set aside for tests of networks (RFC 2544).
    const network = new ClientNetwork(names, `198.${randomInt(18, 20)}.${randomInt(256)}`);
    await ip('netns', 'add', names.netns);
    await ip('link', 'add', names.near, 'type', 'veth', 'peer', 'name', names.far, 'netns', names.netns);
    await ip('address', 'add', `${network.gatewayAddress}/24`, 'dev', names.near);
    await ip('link', 'set', names.near, 'up');
    await network.#ipThere('link', 'set', 'lo', 'up');
    await network.#ipThere('address', 'add', `${network.#subnet}.2/24`, 'dev', names.far);
    await network.#ipThere('link', 'set', names.far, 'up');
    return network;
  }

  /** A command that runs in the client's network. */
  inside(command: string, args: readonly string[]): readonly [string, readonly string[]] {
    return ['nsenter', [`--net=/run/netns/${this.#netns}`, command, ...args]];
  }

  /** The client's system knows that it has no network. */
  async unplug(): Promise<void> {
    await this.#ipThere('link', 'set', this.#far, 'down');
  }

  async plugIn(): Promise<void> {
    await this.#ipThere('link', 'set', this.#far, 'up');
  }

  /** Another network: the old address is gone. */
  async changeAddress(): Promise<void> {
    await this.#ipThere('address', 'flush', 'dev', this.#far);
    await this.#ipThere('address', 'add', `${this.#subnet}.3/24`, 'dev', this.#far);
  }

  /** Packets are lost both ways, and neither system knows it. */
  async swallow(): Promise<void> {
    await ip(
      'neighbour',
      'replace',
      `${this.#subnet}.2`,
      'lladdr',
      NOBODYS_CARD,
      'dev',
      this.#near,
      'nud',
      'permanent',
    );
    await this.#ipThere(
      ...['neighbour', 'replace', this.gatewayAddress, 'lladdr', NOBODYS_CARD, 'dev', this.#far, 'nud', 'permanent'],
    );
  }

  async mend(): Promise<void> {
    await ip('neighbour', 'delete', `${this.#subnet}.2`, 'dev', this.#near);
    await this.#ipThere('neighbour', 'delete', this.gatewayAddress, 'dev', this.#far);
  }

  /** With it go its cable and every connection. */
  async remove(): Promise<void> {
    await ip('netns', 'delete', this.#netns);
  }

  async #ipThere(...args: readonly string[]): Promise<void> {
    await ip('-n', this.#netns, ...args);
  }
}

function namesOf(id: string) {
  return { netns: `sluice-${id}`, near: `sl-${id}-a`, far: `sl-${id}-b` } as const;
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', args, { env: { PATH } });
}
