import type { Duplex } from 'node:stream';

import type { Reply } from '../faults.ts';
import type { Received } from '../https-server.ts';
import type { StoredObject } from './objects.ts';
import { badRequest } from './status.ts';
import { acceptWebSocket } from './websocket.ts';

/** What a command in a container prints; nothing is run. */
interface ExecAnswer {
  stdout?: string | Buffer;
  stderr?: string;
  exitCode?: number;
  /** The runtime could not start it: no such program, container not running … */
  notStarted?: string;
  /** The connection breaks after the output. */
  cut?: boolean;
  /** No end. */
  hang?: boolean;
}

/** `ns/pod/container` → answer to a command. */
export type ExecWorld = Record<string, (command: string[]) => ExecAnswer>;

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const [STDOUT, STDERR, ERROR] = [1, 2, 3];

/** Serves pods/exec over WebSocket, or returns the refusal. */
export function serveExec(
  pod: StoredObject,
  world: ExecWorld,
  request: Received,
  socket: Duplex,
): Reply | undefined {
  const container = containerOf(pod, request.query.get('container'));
  if (typeof container !== 'string') return container;
  const command = request.query.getAll('command');
  if (command.length === 0) return badRequest('you must specify at least one command for the container');
  const connection = acceptWebSocket(request, socket, PROTOCOLS, () => undefined);
  if (!connection) return badRequest('unable to upgrade: missing or unknown WebSocket protocol');

  const answer = world[`${pod.metadata.namespace}/${pod.metadata.name}/${container}`]?.(command) ?? {
    notStarted: `exec: "${command[0]}": executable file not found in $PATH: unknown`,
  };
  const send = (channel: number, data: string | Buffer): void =>
    connection.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]));
  // The real server opens every channel with an empty message.
  send(STDOUT, '');
  send(STDERR, '');
  if (answer.stdout !== undefined) send(STDOUT, answer.stdout);
  if (answer.stderr !== undefined) send(STDERR, answer.stderr);
  if (answer.hang) return undefined;
  if (answer.cut) {
    socket.destroy();
    return undefined;
  }
  send(ERROR, JSON.stringify(outcome(answer)));
  connection.close();
  return undefined;
}

function outcome({ exitCode = 0, notStarted }: ExecAnswer): object {
  if (notStarted !== undefined) {
    const message = `error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: ${notStarted}`;
    return {
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: ${message}`,
      reason: 'InternalError',
      details: { causes: [{ message }] },
      code: 500,
    };
  }
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

/** The container asked for, the only one, or the refusal that names the choice. */
export function containerOf(pod: StoredObject, wanted: string | null): string | Reply {
  const spec = pod['spec'] as
    | {
        containers?: { name: string }[];
        initContainers?: { name: string }[];
        ephemeralContainers?: { name: string }[];
      }
    | undefined;
  const names = (spec?.containers ?? []).map(({ name }) => name);
  const others = [...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );
  if (wanted === null || wanted === '') {
    return names.length === 1 && names[0] !== undefined
      ? names[0]
      : badRequest(
          `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
        );
  }
  return [...names, ...others].includes(wanted)
    ? wanted
    : badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
}
