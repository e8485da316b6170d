/**
 * A directory → a configuration, or one error with everything that is wrong in it.
 */
import { accessSync, constants } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parsePolicySet } from '../policy/policy-set.ts';
import type { GatewayConfig, GatewaySettings, IssuerConfig, ResourceConfig } from './config.ts';
import type { SecretSource } from './documents/secret-source.ts';
import { type Parsed, type ParsedDocuments, parseDocuments } from './documents.ts';
import type { Environment } from './environment.ts';
import { deepFreeze } from './freeze.ts';
import { type ConfigProblem, configInvalid } from './problem.ts';
import { type ConfigFiles, fileProblem, readConfigDirectory } from './read-directory.ts';
import { readDefaultPolicies, readPolicySchema } from './shipped-policies.ts';
import type { Path, YamlDocument } from './yaml-documents.ts';

/**
 * Loads and checks a configuration directory: every `*.yaml`, `*.yml` and `*.cedar` in it. Files that it names must
 * exist and environment variables must be set; nothing is connected to.
 * @param environment where `env:` secrets are looked up
 * @throws SluiceError CONFIG_INVALID whose message lists every problem with file, line, column and remedy
 */
export function loadConfig(directory: string, environment: Environment): GatewayConfig {
  const root = resolve(directory);
  const files = readConfigDirectory(root);
  const { documents, problems } = parseDocuments(files.yaml);
  const check = new DocumentChecks(root, environment, problems);
  const gateway = check.theGateway(files, documents);
  const issuers = check.unique(documents.issuer, 'issuer', (value) => value.name).map((parsed) => check.issuer(parsed));
  check.unique(documents.issuer, 'issuer URL', (value) => value.issuer);
  const resources = check
    .unique(documents.resource, 'resource', (value) => value.name)
    .map((parsed) => check.resource(parsed));
  check.unique(documents.approvers, 'approvers for', (value) =>
    [value.for.label, value.resource ?? 'every resource'].join(' on '),
  );
  check.unique(documents.grant, 'grant', (value) => value.name);
  check.resourcesOf(documents.resource, [...documents.approvers, ...documents.grant]);
  const workflows = check.unique(documents.workflow, 'workflow', (value) => value.name);
  check.workflows(documents);
  check.profiles(documents);
  const policies = loadPolicies(files);
  check.problems.push(...policies.problems);
  if (check.problems.length > 0 || gateway === null || policies.set === null) throw configInvalid(root, check.problems);
  return deepFreeze({
    directory: root,
    gateway,
    issuers,
    resources,
    approvers: documents.approvers.map(({ value }) => withoutKind(value)),
    notifications: check
      .unique(documents.notification, 'notification', (value) => value.name)
      .map((parsed) => check.notification(parsed)),
    profiles: check.unique(documents.profile, 'profile', (value) => value.name).map(({ value }) => withoutKind(value)),
    grants: documents.grant.map(({ value }) => withoutKind(value)),
    people: {
      same: documents.people.flatMap(({ value }) => value.same),
      owners: documents.people.flatMap(({ value }) => Object.entries(value.owners)),
    },
    workflows: workflows.map(({ value }) => withoutKind(value)),
    policies: { origin: policies.origin, files: policies.files, set: policies.set },
  });
}

/** The directory's own policies are the whole set; only without any do the shipped ones apply. */
function loadPolicies(files: ConfigFiles) {
  const own = files.cedar.length > 0;
  const sources = own ? files.cedar : readDefaultPolicies();
  const result = parsePolicySet(readPolicySchema(), sources);
  return {
    origin: own ? ('directory' as const) : ('shipped' as const),
    files: sources.map(({ file }) => file),
    set: result.ok ? result.set : null,
    problems: result.ok ? [] : result.problems,
  };
}

type ExportConfig = GatewaySettings['evidence']['exports'][number];

/** What one document's schema cannot see: other documents, files, the environment. Collects problems. */
class DocumentChecks {
  readonly problems: ConfigProblem[];
  readonly #root: string;
  readonly #environment: Environment;

  constructor(root: string, environment: Environment, problems: readonly ConfigProblem[]) {
    this.#root = root;
    this.#environment = environment;
    this.problems = [...problems];
  }

  theGateway(files: ConfigFiles, documents: ParsedDocuments): GatewaySettings | null {
    const [first, ...others] = documents.gateway;
    for (const { source } of others) this.#problem(source, ['kind'], 'a second gateway document', 'Keep one of them.');
    if (first === undefined) {
      // A gateway document that its schema refused has been reported already.
      if (this.problems.length === 0) {
        const file = files.yaml[0]?.file ?? this.#root;
        this.problems.push({
          file,
          line: 1,
          column: 1,
          message: 'there is no gateway document',
          remedy: 'Add a document with "kind: gateway".',
        });
      }
      return null;
    }
    const { source, value } = first;
    const { kind: _, tls, store, dataDir, masking, evidence, telemetry, ...rest } = value;
    if (value.listen.tunnel !== undefined && tls === undefined) {
      this.#problem(source, ['listen', 'tunnel'], 'listen.tunnel needs tls', 'Add tls with cert and key.');
    }
    const data = this.#absolute(dataDir);
    return {
      ...rest,
      dataDir: data,
      evidence: this.#evidence(source, evidence),
      telemetry:
        telemetry.otlp === undefined ? {} : { otlp: this.#posted(source, ['telemetry', 'otlp'], telemetry.otlp) },
      ...(tls === undefined
        ? {}
        : {
            tls: {
              cert: this.#file(source, ['tls', 'cert'], tls.cert),
              key: this.#file(source, ['tls', 'key'], tls.key),
            },
          }),
      masking: masking.key === undefined ? {} : { key: this.#secret(source, ['masking', 'key'], masking.key) },
      store: this.#store(source, store, data),
    };
  }

  #evidence(source: YamlDocument, evidence: GatewaySettings['evidence']): GatewaySettings['evidence'] {
    const { keys } = evidence.checkpoints;
    const { key, ...sealing } = evidence.sealing;
    const at = ['evidence', 'checkpoints', 'keys'];
    return {
      ...evidence,
      sealing:
        key === undefined ? sealing : { ...sealing, key: this.#secret(source, ['evidence', 'sealing', 'key'], key) },
      checkpoints:
        keys === undefined
          ? evidence.checkpoints
          : { ...evidence.checkpoints, keys: keys.map((key, index) => this.#secret(source, [...at, index], key)) },
      witnesses: evidence.witnesses.map((witness) => ({
        ...witness,
        ...(witness.file === undefined ? {} : { file: this.#absolute(witness.file) }),
        ...(witness.directory === undefined ? {} : { directory: this.#absolute(witness.directory) }),
      })),
      exports: evidence.exports.map((one, index) => this.#export(source, ['evidence', 'exports', index], one)),
    };
  }

  #export(source: YamlDocument, at: Path, one: ExportConfig): ExportConfig {
    const { file, syslog, http, otlp } = one;
    if ((syslog?.cert === undefined) !== (syslog?.key === undefined))
      this.#problem(source, [...at, 'syslog'], 'syslog.cert and syslog.key belong together', 'Give both, or neither.');
    return {
      ...one,
      ...(file === undefined ? {} : { file: { ...file, path: this.#absolute(file.path) } }),
      ...(syslog === undefined
        ? {}
        : {
            syslog: {
              ...syslog,
              ...(syslog.ca === undefined ? {} : { ca: this.#file(source, [...at, 'syslog', 'ca'], syslog.ca) }),
              ...(syslog.cert === undefined
                ? {}
                : { cert: this.#file(source, [...at, 'syslog', 'cert'], syslog.cert) }),
              ...(syslog.key === undefined ? {} : { key: this.#file(source, [...at, 'syslog', 'key'], syslog.key) }),
            },
          }),
      ...(http === undefined ? {} : { http: this.#posted(source, [...at, 'http'], http) }),
      ...(otlp === undefined ? {} : { otlp: this.#posted(source, [...at, 'otlp'], otlp) }),
    };
  }

  #posted<To extends { readonly ca?: string; readonly token?: SecretSource }>(
    source: YamlDocument,
    at: Path,
    to: To,
  ): To {
    return {
      ...to,
      ...(to.ca === undefined ? {} : { ca: this.#file(source, [...at, 'ca'], to.ca) }),
      ...(to.token === undefined ? {} : { token: this.#secret(source, [...at, 'token'], to.token) }),
    };
  }

  #store(
    source: YamlDocument,
    store: { sqlite?: string; postgres?: SecretSource } | undefined,
    dataDir: string,
  ): GatewaySettings['store'] {
    if (store?.postgres !== undefined) {
      return { kind: 'postgres', uri: this.#secret(source, ['store', 'postgres'], store.postgres) };
    }
    return {
      kind: 'sqlite',
      path: store?.sqlite === undefined ? resolve(dataDir, 'sluice.db') : this.#absolute(store.sqlite),
    };
  }

  issuer({ source, value }: Parsed<'issuer'>): IssuerConfig {
    const { kind: _, events, introspection, ...rest } = value;
    const at = ['introspection', 'clientSecret'];
    return {
      ...rest,
      ...(events === undefined
        ? {}
        : { events: { ...events, token: this.#secret(source, ['events', 'token'], events.token) } }),
      ...(introspection === undefined
        ? {}
        : {
            introspection: {
              ...introspection,
              clientSecret: this.#secret(source, at, introspection.clientSecret),
            },
          }),
    };
  }

  resource({ source, value }: Parsed<'resource'>): ResourceConfig {
    const { kind: _, upstream, credential, classification, ...rest } = value;
    if (value.protocol !== 'postgres') {
      this.#problem(
        source,
        ['protocol'],
        `protocol "${value.protocol}" is not available in this version`,
        'This version speaks postgres.',
      );
    }
    if ((upstream.cert === undefined) !== (upstream.key === undefined)) {
      this.#problem(source, ['upstream'], 'upstream.cert and upstream.key belong together', 'Give both, or neither.');
    }
    if (credential.password === undefined && upstream.cert === undefined) {
      this.#problem(
        source,
        ['credential'],
        'credential.password is missing',
        'Add file, env or command, or a client certificate in upstream.',
      );
    }
    const file = (key: 'ca' | 'cert' | 'key') =>
      upstream[key] === undefined ? {} : { [key]: this.#file(source, ['upstream', key], upstream[key]) };
    const password =
      credential.password === undefined
        ? {}
        : { password: this.#secret(source, ['credential', 'password'], credential.password) };
    return {
      ...rest,
      upstream: { ...upstream, ...file('ca'), ...file('cert'), ...file('key') },
      credential: { ...credential, ...password },
      classification: classification.map((entry, index) => {
        const at = ['classification', index];
        if (entry.openmetadata !== undefined) {
          this.#problem(
            source,
            [...at, 'openmetadata'],
            'openmetadata is not available in this version',
            'Export the labels to a CSV file, or use dbt.',
          );
        }
        if (entry.csv !== undefined) return { csv: this.#file(source, [...at, 'csv'], entry.csv) };
        if (entry.dbt !== undefined) return { dbt: this.#file(source, [...at, 'dbt'], entry.dbt) };
        return entry;
      }),
    };
  }

  /** With absolute paths of its secrets, and without its kind. */
  notification({ source, value }: ParsedDocuments['notification'][number]) {
    const { kind: _kind, secret, urlFrom, ...rest } = value;
    return {
      ...rest,
      ...(secret === undefined ? {} : { secret: this.#secret(source, ['secret'], secret) }),
      ...(urlFrom === undefined ? {} : { urlFrom: this.#secret(source, ['urlFrom'], urlFrom) }),
    };
  }

  resourcesOf(
    resources: ParsedDocuments['resource'],
    documents: readonly { readonly source: YamlDocument; readonly value: { readonly resource?: string } }[],
  ): void {
    for (const { source, value } of documents)
      if (value.resource !== undefined) this.#knownResource(resources, source, ['resource'], value.resource);
  }

  profiles(documents: ParsedDocuments): void {
    for (const { source, value } of documents.profile) {
      for (const [index, { resource }] of value.tunnels.entries())
        this.#knownResource(documents.resource, source, ['tunnels', index, 'resource'], resource);
    }
  }

  workflows(documents: ParsedDocuments): void {
    for (const { source, value } of documents.workflow) {
      for (const [index, name] of value.resources.entries())
        this.#knownResource(documents.resource, source, ['resources', index], name);
    }
  }

  #knownResource(resources: ParsedDocuments['resource'], source: YamlDocument, path: Path, name: string): void {
    const names = resources.map(({ value }) => value.name);
    // Only when every resource could be read: otherwise the missing one may be the one with a problem of its own.
    if (names.includes(name) || this.problems.length > 0) return;
    const remedy = names.length === 0 ? 'Add it.' : `Known are ${names.join(', ')}.`;
    this.#problem(source, path, `there is no resource "${name}"`, remedy);
  }

  /** Reports all but the first of equal keys. */
  unique<Entry extends { readonly source: YamlDocument; readonly value: unknown }>(
    entries: readonly Entry[],
    what: string,
    keyOf: (value: Entry['value']) => string,
  ): readonly Entry[] {
    const seen = new Map<string, Entry>();
    for (const entry of entries) {
      const key = keyOf(entry.value);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, entry);
      else {
        const { line } = first.source.placeOf(['name']);
        this.#problem(
          entry.source,
          ['name'],
          `${what} "${key}" exists already, at ${first.source.file}:${line}`,
          'Rename or remove one of them.',
        );
      }
    }
    return entries;
  }

  #secret(source: YamlDocument, path: Path, secret: SecretSource): SecretSource {
    switch (secret.kind) {
      case 'file':
        return { kind: 'file', path: this.#file(source, [...path, 'file'], secret.path) };
      case 'env':
        this.#variable(source, [...path, 'env'], secret.name);
        return secret;
      case 'command':
        return secret;
    }
  }

  #variable(source: YamlDocument, path: Path, name: string): void {
    if ((this.#environment(name) ?? '') !== '') return;
    this.#problem(
      source,
      path,
      `the environment variable ${name} is not set`,
      `Set ${name} for the gateway, or name another source.`,
    );
  }

  /** An absolute path, checked to be readable. */
  #file(source: YamlDocument, path: Path, name: string): string {
    const absolute = this.#absolute(name);
    try {
      accessSync(absolute, constants.R_OK);
    } catch (cause) {
      const { message, remedy } = fileProblem(cause);
      this.#problem(source, path, `${name} ${message}`, remedy);
    }
    return absolute;
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? path : resolve(this.#root, path);
  }

  #problem(source: YamlDocument, path: Path, message: string, remedy: string): void {
    this.problems.push({ file: source.file, ...source.placeOf(path), message, remedy });
  }
}

function withoutKind<T extends { readonly kind: string }>(document: T): Omit<T, 'kind'> {
  const { kind: _, ...rest } = document;
  return rest;
}
