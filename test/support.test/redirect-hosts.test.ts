import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type ApiServer, startApiServer } from '../support/api-server.ts';
import { type RunOptions, type RunResult, runNode, runProgram } from '../support/run-cli.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer({ objects: [] });
});
afterAll(() => server.close());

/** Runs a few lines in a process with redirected hosts; what they return is printed as JSON. */
async function evaluate(lines: string, options: RunOptions = {}): Promise<{ value: unknown } & RunResult> {
  const script = `
    import dns from 'node:dns';
    import { lookup, promises } from 'node:dns';
    import https from 'node:https';
    import net from 'node:net';
    const get = (options) => new Promise((resolve) => {
      const request = https.get(options, (response) => {
        const { remoteAddress } = response.socket;
        response.resume().on('end', () => resolve({ status: response.statusCode, remoteAddress }));
      });
      request.on('error', (error) => resolve(error.code));
      request.on('timeout', () => request.destroy(Object.assign(new Error('late'), { code: 'LATE' })));
    });
    const outcome = async () => { ${lines} };
    process.stdout.write(JSON.stringify(await outcome().catch((error) => error.code ?? String(error))));
  `;
  const result = await runNode(['--input-type=module', '--eval', script], options);
  return { ...result, value: JSON.parse(result.stdout) as unknown };
}

const login = 'login.microsoftonline.com';

describe('a redirected name', () => {
  test('leads to loopback and looks public', async () => {
    const { value, connections } = await evaluate(`return get('https://${login}/version')`, {
      hosts: { [login]: server.address },
    });
    expect(value).toEqual({ status: 200, remoteAddress: '20.190.128.1' });
    expect(connections).toEqual([{ connect: login, port: 443, outcome: server.address }]);
  });

  test('works with fetch and with a pinned address', async () => {
    const hosts = { [login]: { address: '20.1.2.3', connect: server.address } };
    expect((await evaluate(`return (await fetch('https://${login}/version')).status`, { hosts })).value).toBe(
      200,
    );
    const pinned = `return get({ host: '20.1.2.3', servername: '${login}', path: '/version' })`;
    expect((await evaluate(pinned, { hosts })).value).toEqual({ status: 200, remoteAddress: '20.1.2.3' });
  });

  test('resolves to what the test says, in every form of look-up', async () => {
    const { value } = await evaluate(
      `return [
        await promises.lookup('${login}'),
        await promises.lookup('${login}', { all: true }),
        await new Promise((resolve) => lookup('${login}', (_, ...found) => resolve(found))),
        await new Promise((resolve) => dns.resolve4('${login}', (_, found) => resolve(found))),
        await promises.resolve6('${login}'),
      ]`,
      { hosts: { [login]: { address: ['20.1.2.3', '2603:1000::1'], connect: server.address } } },
    );
    expect(value).toEqual([
      { address: '20.1.2.3', family: 4 },
      [
        { address: '20.1.2.3', family: 4 },
        { address: '2603:1000::1', family: 6 },
      ],
      ['20.1.2.3', 4],
      ['20.1.2.3'],
      ['2603:1000::1'],
    ]);
  });

  test("goes through the caller's own look-up, which may refuse", async () => {
    const { value } = await evaluate(
      `return get({
        host: '${login}',
        lookup: (name, options, done) => lookup(name, options, (error, found) =>
          done(Object.assign(new Error(JSON.stringify(found)), { code: 'PRIVATE' }))),
      })`,
      { hosts: { [login]: { address: '10.0.0.5', connect: server.address } } },
    );
    expect(value).toBe('PRIVATE');
  });
});

describe('failures', () => {
  test.each(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET'])('%s', async (failure) => {
    const { value } = await evaluate(`return get('https://${login}/')`, { hosts: { [login]: failure } });
    expect(value).toBe(failure);
  });

  test('hang ends only by the time limit of the caller', async () => {
    const { value } = await evaluate(`return get({ host: '${login}', timeout: 50 })`, {
      hosts: { [login]: 'hang' },
    });
    expect(value).toBe('LATE');
  });
});

describe('what no server stands for', () => {
  test('is refused, said on stderr, and fails the run', async () => {
    for (const target of ['https://example.com/', 'https://20.9.9.9/', 'https://169.254.169.254/']) {
      await expect(evaluate(`return get('${target}')`)).rejects.toThrow(
        'reached for hosts no test server stands for',
      );
    }
  });

  test('a private address without a server is refused even though it resolves', async () => {
    const { value, stderr, connections } = await evaluate(`return get('https://${login}/')`, {
      hosts: { [login]: { address: '10.0.0.5' } },
      allowRefused: true,
    });
    expect(value).toBe('EREFUSEDBYTEST');
    expect(stderr).toContain(`refused connect to ${login}:443`);
    expect(connections).toEqual([{ connect: login, port: 443, outcome: 'refused' }]);
  });

  test('loopback stays open', async () => {
    expect((await evaluate(`return get('${server.url}/version')`)).value).toMatchObject({ status: 200 });
  });
});

describe('running a process', () => {
  test('gives it no environment of the machine and a trusted CA', async () => {
    const { value } = await evaluate('return Object.keys(process.env).sort()', {
      env: { EXTRA: '1', TMPDIR: undefined },
    });
    expect(value).toEqual(expect.arrayContaining(['EXTRA', 'HOME', 'NODE_EXTRA_CA_CERTS', 'PATH']));
    for (const name of ['USER', 'KUBECONFIG', 'VITEST', 'TMPDIR']) expect(value).not.toContain(name);
  });

  test('redirects Node below other programs', async () => {
    const { code } = await runProgram(
      'sh',
      ['-c', 'node --eval "https.get(process.argv[1])" "$0"', `https://${login}/`],
      {
        hosts: { [login]: server.address },
      },
    );
    expect(code).toBe(0);
    expect(server.requests.at(-1)).toMatchObject({ path: '/', headers: { host: login } });
  });

  test('hands over input, exit code and signals, and ends what does not end', async () => {
    const echo = [
      '--eval',
      'process.stdin.on("data", (d) => process.stdout.write(d)).on("end", () => { process.exitCode = 3 })',
    ];
    expect(await runNode(echo, { input: 'héllo' })).toMatchObject({ code: 3, stdout: 'héllo', stderr: '' });
    const forever = ['--eval', 'setInterval(() => undefined, 1000)'];
    await expect(runNode(forever, { timeoutMs: 300 })).rejects.toThrow('no end after 300 ms');
    expect(await runNode(forever, { interrupt: Promise.resolve() })).toMatchObject({
      code: null,
      signal: 'SIGINT',
    });
  });
});
