import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { User } from '../kubernetes/authentication.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { Assets } from './assets.ts';
import { type Etcd, startEtcd } from './etcd.ts';
import {
  ask,
  AUDITED_GROUP,
  type KubeApiServer,
  type ServerConfig,
  startKubeApiServer,
} from './kube-apiserver.ts';
import { LoadedWorld } from './loaded-world.ts';
import { SENTINEL } from './roles.ts';

/** Each test signs in as a user of its own, so that neither rights nor requests of one reach another. */
const USERS = 1000;
const IN_FORCE_MS = 10_000;

export interface SignIn {
  readonly token: string;
  readonly name: string;
}

/** An etcd and a kube-apiserver, for one test at a time. */
export class Plane {
  readonly world: LoadedWorld;
  readonly #assets: Assets;
  readonly #folder: string;
  readonly #etcd: Etcd;
  readonly #own = `tests-${randomUUID()}`;
  #server: (KubeApiServer & { auditLog: string }) | undefined;
  #config = '';
  #users: { admins: SignIn[]; others: SignIn[] } = { admins: [], others: [] };

  private constructor(assets: Assets, folder: string, etcd: Etcd) {
    this.#assets = assets;
    this.#folder = folder;
    this.#etcd = etcd;
    this.world = new LoadedWorld(
      etcd,
      async (path) => (await ask(this.url, path, { token: this.#own })).status,
    );
  }

  static async start(assets: Assets): Promise<Plane> {
    const folder = temporaryFolder('control-plane');
    return new Plane(assets, folder, await startEtcd(assets.etcd, folder));
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  get auditLog(): string {
    return this.#server?.auditLog ?? '';
  }

  /** Whether a test with this configuration needs no new server. */
  serves(config: ServerConfig): boolean {
    return (
      this.#config === identity(config) &&
      Math.min(...Object.values(this.#users).map(({ length }) => length)) > 0
    );
  }

  /** Makes sure that a server with this configuration runs. */
  async configure(config: ServerConfig): Promise<void> {
    if (this.serves(config)) return;
    this.#config = '';
    await this.#server?.process.stop();
    const admins = signIns('admin');
    const others = signIns('user');
    this.#server = await startKubeApiServer(this.#assets.apiServer, this.#folder, this.#etcd.url, {
      ...config,
      users: {
        [this.#own]: { name: 'tests', groups: ['system:masters'] },
        ...usersOf(admins, ['system:masters', AUDITED_GROUP]),
        ...usersOf(others, [AUDITED_GROUP]),
        ...config.users,
      },
    });
    this.#users = { admins, others };
    this.#config = identity(config);
  }

  /** A user nobody has been yet: one who may do everything, or one without any right. */
  user(kind: 'admins' | 'others'): SignIn {
    const user = this.#users[kind].pop();
    if (!user) throw new Error('no user is left: configure() comes first');
    return user;
  }

  /** Waits until the roles of a user are in force in a namespace, or in the whole cluster. */
  async inForce(user: string, namespace: string | undefined): Promise<void> {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, resourceAttributes: { ...SENTINEL, ...(namespace === undefined ? {} : { namespace }) } },
    };
    const end = Date.now() + IN_FORCE_MS;
    for (;;) {
      const { text } = await ask(this.url, '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        token: this.#own,
        body,
      });
      const { status } = JSON.parse(text) as { status?: { allowed?: boolean } };
      if (status?.allowed === true) return;
      if (Date.now() > end) throw new Error(`the roles of ${user} are not in force after ${IN_FORCE_MS} ms`);
      await sleep(10);
    }
  }

  compact(): Promise<void> {
    return this.#etcd.compact();
  }

  async stop(): Promise<void> {
    await this.#server?.process.stop();
    await this.#etcd.stop();
  }
}

function signIns(kind: string): SignIn[] {
  return Array.from({ length: USERS }, (_, index) => ({
    token: `test-${kind}-${randomUUID()}`,
    name: `test-${kind}-${index}`,
  }));
}

function usersOf(signIns: readonly SignIn[], groups: readonly string[]): Record<string, User> {
  return Object.fromEntries(signIns.map(({ token, name }) => [token, { name, groups }]));
}

function identity({ issuer, jwksUri, keys, users }: ServerConfig): string {
  return JSON.stringify([issuer, jwksUri, keys.map(({ kid }) => kid), users]);
}
