/**
 * Preload for processes under test (`node --import …/redirect-hosts.mjs`): production host names lead to
 * loopback servers, everything else that is not loopback is refused. The product has no switch for this.
 *
 * WI_DOCTOR_TEST_HOSTS is JSON, host → target. A target is
 *   "127.0.0.1:PORT"                               a public-looking address of its own, connections go to PORT
 *   { "address": "20.1.2.3", "connect": "127.0.0.1:PORT" }   resolves to that address, connections go to PORT
 *   { "address": "10.0.0.5" }                      resolves, but a connection is refused loudly
 *   { "address": …, "connect": "hang" }            resolves, then one of the failures below
 *   "ENOTFOUND" | "EAI_AGAIN"                      the name does not resolve
 *   "ECONNREFUSED" | "ETIMEDOUT" | "ECONNRESET"    resolves to a public address, connecting fails
 *   "hang"                                         resolves, connecting never ends
 * `address` may be a list. A key may be an IP address. WI_DOCTOR_TEST_CONNECTIONS names a file that gets
 * one JSON line for every look-up and connection that did not simply go to loopback.
 */
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const NAME_FAILURES = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const CONNECT_FAILURES = new Set([
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'hang',
]);

/** host → { failure?, addresses, connect } */
const hosts = new Map();
/** address → hosts that resolve to it */
const owners = new Map();

for (const [name, target] of Object.entries(JSON.parse(process.env.WI_DOCTOR_TEST_HOSTS ?? '{}'))) {
  const written = typeof target === 'string' ? { connect: target } : target;
  // 20.190.128.0/18 belongs to Microsoft, so it looks like the real thing to an address check.
  const own = net.isIP(name)
    ? name
    : `20.190.${128 + Math.floor(hosts.size / 250)}.${1 + (hosts.size % 250)}`;
  const entry = {
    failure: NAME_FAILURES.has(written.connect) ? written.connect : undefined,
    addresses: [written.address ?? own].flat(),
    connect: written.connect,
  };
  hosts.set(name.toLowerCase(), entry);
  for (const address of entry.addresses) {
    owners.set(address, [...(owners.get(address) ?? []), entry]);
  }
}

function record(line) {
  const file = process.env.WI_DOCTOR_TEST_CONNECTIONS;
  if (file) appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** Says it on stderr too: a product that swallows the error must not hide that it went astray. */
function refuse(what, host, port) {
  record({ [what]: host, port, outcome: 'refused' });
  process.stderr.write(`redirect-hosts: refused ${what} to ${host}${port === undefined ? '' : `:${port}`}\n`);
  return systemError('EREFUSEDBYTEST', what, host, port);
}

function systemError(code, syscall, host, port) {
  const where = syscall === 'connect' ? `${host}:${port}` : host;
  return Object.assign(
    new Error(`${syscall} ${code} ${where}`),
    { code, errno: code, syscall },
    syscall === 'connect' ? { address: host, port } : { hostname: host },
  );
}

function isLoopback(host) {
  return (
    host === 'localhost' || host === '::1' || host === '::' || /^127\.|^0\.0\.0\.0$|^::ffff:127\./.test(host)
  );
}

/** All addresses of a name, or the error its look-up ends with. */
function resolve(hostname, syscall) {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const entry = hosts.get(name);
  if (entry?.failure) {
    record({ lookup: hostname, outcome: entry.failure });
    throw systemError(entry.failure, syscall, hostname);
  }
  if (entry) return entry.addresses;
  if (net.isIP(name)) return [name];
  if (name === 'localhost') return ['127.0.0.1'];
  throw refuse('lookup', hostname);
}

function withFamily(addresses) {
  return addresses.map((address) => ({ address, family: net.isIP(address) }));
}

function lookup(hostname, options, callback) {
  const done = typeof options === 'function' ? options : callback;
  const wanted =
    typeof options === 'function' ? {} : typeof options === 'number' ? { family: options } : (options ?? {});
  let found;
  try {
    found = lookUp(hostname, wanted);
  } catch (error) {
    process.nextTick(done, error);
    return {};
  }
  if (wanted.all) process.nextTick(done, null, found);
  else process.nextTick(done, null, found[0].address, found[0].family);
  return {};
}

function lookUp(hostname, { family = 0 }) {
  const number = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family;
  const found = withFamily(resolve(hostname, 'getaddrinfo')).filter(
    (one) => !number || one.family === number,
  );
  if (found.length === 0) throw systemError('ENOTFOUND', 'getaddrinfo', hostname);
  return found;
}

function records(hostname, type) {
  const family = type === 'AAAA' ? 6 : 4;
  const found = withFamily(resolve(hostname, `query${type}`)).filter((one) => one.family === family);
  if (found.length === 0) throw systemError('ENODATA', `query${type}`, hostname);
  return found.map(({ address }) => address);
}

function callbackRecords(type) {
  return (hostname, options, callback) => {
    const done = typeof options === 'function' ? options : callback;
    try {
      process.nextTick(done, null, records(hostname, type));
    } catch (error) {
      process.nextTick(done, error);
    }
  };
}

const plain = {
  lookup,
  resolve4: callbackRecords('A'),
  resolve6: callbackRecords('AAAA'),
  resolve: (hostname, type, callback) =>
    typeof type === 'function'
      ? callbackRecords('A')(hostname, type)
      : callbackRecords(type)(hostname, callback),
};
const promised = {
  lookup: async (hostname, options) => {
    const wanted = typeof options === 'number' ? { family: options } : (options ?? {});
    const found = lookUp(hostname, wanted);
    return wanted.all ? found : found[0];
  },
  resolve4: async (hostname) => records(hostname, 'A'),
  resolve6: async (hostname) => records(hostname, 'AAAA'),
  resolve: async (hostname, type = 'A') => records(hostname, type),
};
Object.assign(dns, plain);
Object.assign(dns.promises, promised);
for (const [where, { lookup: _, ...queries }] of [
  [dns.Resolver.prototype, plain],
  [dns.promises.Resolver.prototype, promised],
]) {
  Object.assign(where, queries);
}

// Called with its own socket below.
// oxlint-disable-next-line typescript/unbound-method
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function redirectedConnect(...args) {
  const [options, callback] = normalize(args);
  const host = options.host ?? 'localhost';
  // Node passes `path: null` along for what is no local socket.
  if (options.path || (isLoopback(host) && !hosts.has(host))) return connect.apply(this, args);

  const entry = ownerOf(host, options.servername);
  if (entry?.failure) {
    record({ lookup: host, outcome: entry.failure });
    return fail(this, systemError(entry.failure, 'getaddrinfo', host));
  }
  if (!entry || entry.connect === undefined) return fail(this, refuse('connect', host, options.port));
  if (CONNECT_FAILURES.has(entry.connect)) {
    record({ connect: host, port: options.port, outcome: entry.connect });
    if (entry.connect === 'hang') return hang(this);
    return fail(this, systemError(entry.connect, 'connect', entry.addresses[0], options.port));
  }

  record({ connect: host, port: options.port, outcome: entry.connect });
  const [address, port] = entry.connect.split(':');
  // A look-up of the caller's own runs first and may refuse what the name resolves to.
  const resolveFirst = net.isIP(host) ? undefined : (options.lookup ?? lookup);
  pretendRemoteAddress(this, net.isIP(host) ? host : entry.addresses[0]);
  const redirected = {
    ...options,
    host: resolveFirst ? host : address,
    port: Number(port),
    lookup: (name, wanted, done) => {
      resolveFirst(name, wanted, (error) => {
        if (error) done(error);
        else if (wanted.all) done(null, [{ address, family: 4 }]);
        else done(null, address, 4);
      });
    },
  };
  return connect.call(this, redirected, callback);
};

/** The arguments of Socket.connect in any of their forms: already normalised, options, or port and host. */
function normalize(args) {
  if (Array.isArray(args[0])) return args[0];
  const callback = args.findLast((arg) => typeof arg === 'function');
  if (typeof args[0] === 'object') return [args[0], callback];
  if (typeof args[0] === 'string' && !/^\d+$/.test(args[0])) return [{ path: args[0] }, callback];
  return [{ port: args[0], host: typeof args[1] === 'string' ? args[1] : undefined }, callback];
}

/** An address may belong to several names: the one in the TLS handshake decides. */
function ownerOf(host, servername) {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (hosts.has(name)) return hosts.get(name);
  const candidates = owners.get(host) ?? [];
  const named = hosts.get(String(servername ?? '').toLowerCase());
  return candidates.includes(named) ? named : candidates[0];
}

function fail(socket, error) {
  process.nextTick(() => socket.destroy(error));
  return socket;
}

/** As a dropped SYN: still connecting, keeps the process alive, ends only when the caller gives up. */
function hang(socket) {
  socket.connecting = true;
  const alive = setInterval(() => undefined, 1000);
  socket.once('close', () => clearInterval(alive));
  return socket;
}

/** A product may check whom it reached after connecting instead of before. */
function pretendRemoteAddress(socket, address) {
  Object.defineProperty(socket, 'remoteAddress', { configurable: true, get: () => address });
}

syncBuiltinESMExports();
