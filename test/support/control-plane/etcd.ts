import { join } from 'node:path';

import { freePort, startProcess } from './processes.ts';

/** What of etcd's JSON gateway is used here; keys and values are text. */
export interface Etcd {
  readonly url: string;
  put(entries: ReadonlyMap<string, string>): Promise<void>;
  get(keys: readonly string[]): Promise<Map<string, Buffer>>;
  /** Values as they were read: what the API server wrote is no text. */
  restore(entries: ReadonlyMap<string, Buffer>): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Forgets the past: lists begun before now cannot be continued. */
  compact(): Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 30_000;
const ANSWER_MS = 10_000;
/** Objects written or removed at once; etcd is told to take as many. */
const MOST_AT_ONCE = 500;

interface KeyValue {
  readonly key: string;
  readonly value?: string;
}

interface TransactionAnswer {
  readonly header: { readonly revision: string };
  readonly responses?: readonly { readonly response_range?: { readonly kvs?: readonly KeyValue[] } }[];
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Starts etcd in a folder of its own; nothing is made durable. */
export async function startEtcd(binary: string, folder: string): Promise<Etcd> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const peer = 'http://127.0.0.1:0';
  const server = startProcess(
    binary,
    [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      `--max-txn-ops=${MOST_AT_ONCE}`,
      '--unsafe-no-fsync',
      '--log-level=error',
    ],
    join(folder, 'etcd.log'),
  );

  async function ask(path: string, body: object): Promise<TransactionAnswer> {
    const answer = await fetch(`${url}/v3/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) throw new Error(`etcd answered ${answer.status} to ${path}: ${await answer.text()}`);
    return (await answer.json()) as TransactionAnswer;
  }

  async function transact(operations: readonly object[]): Promise<TransactionAnswer[]> {
    const answers: TransactionAnswer[] = [];
    for (let start = 0; start < operations.length; start += MOST_AT_ONCE) {
      answers.push(await ask('kv/txn', { success: operations.slice(start, start + MOST_AT_ONCE) }));
    }
    return answers;
  }

  async function putAll(entries: Iterable<readonly [string, string]>): Promise<void> {
    await transact([...entries].map(([key, value]) => ({ requestPut: { key: encode(key), value } })));
  }

  await server.ready(async () => {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) });
    return ((await answer.json()) as { health?: string }).health === 'true';
  }, READY_MS);
  return {
    url,
    put: (entries) => putAll([...entries].map(([key, value]) => [key, encode(value)] as const)),
    restore: (entries) =>
      putAll([...entries].map(([key, value]) => [key, value.toString('base64')] as const)),
    async get(keys) {
      const answers = await transact(keys.map((key) => ({ requestRange: { key: encode(key) } })));
      const found = answers.flatMap(({ responses = [] }) =>
        responses.flatMap(({ response_range: range }) => range?.kvs ?? []),
      );
      return new Map(
        found.map(({ key, value = '' }) => [
          Buffer.from(key, 'base64').toString(),
          Buffer.from(value, 'base64'),
        ]),
      );
    },
    async remove(keys) {
      await transact(keys.map((key) => ({ requestDeleteRange: { key: encode(key) } })));
    },
    async compact() {
      const { header } = await ask('kv/range', { key: encode('/registry'), limit: 1 });
      await ask('kv/compaction', { revision: header.revision, physical: true });
    },
    stop: () => server.stop(),
  };
}
