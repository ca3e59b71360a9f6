import { WiDoctorError } from '../errors.ts';
import type { ExchangeFailure } from './exchange.ts';

/** Where requests go, as far as it may be named in a message. */
export interface Endpoint {
  /** URL of the API server, without credentials. */
  readonly server: string;
  /** `host:port` of the proxy in between. */
  readonly proxy?: string;
  /** Milliseconds of one request. */
  readonly timeoutMs: number;
}

interface Explanation {
  readonly what: string;
  readonly hint: string;
}

const PRIVATE =
  'If the cluster is private, connect to its network or VPN first (az aks command invoke works without); ' +
  'otherwise check authorized IP ranges and HTTPS_PROXY.';
const RUNS = 'Check that the cluster is running (az aks show) and that kubectl cluster-info reaches it.';
const RENEW =
  'Fetch the kubeconfig anew (az aks get-credentials --overwrite-existing), and see whether a proxy that ' +
  'inspects TLS stands in between.';

/** Failure codes of Node and OpenSSL, told to someone who has never seen them. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: { what: 'the connection was refused', hint: RUNS },
  ENOTFOUND: { what: 'its name does not exist in DNS', hint: PRIVATE },
  EAI_AGAIN: { what: 'its name could not be looked up', hint: 'Check DNS and the network of this machine.' },
  EHOSTUNREACH: { what: 'there is no route to it', hint: PRIVATE },
  ENETUNREACH: { what: 'there is no route to it', hint: PRIVATE },
  ETIMEDOUT: { what: 'the connection timed out', hint: PRIVATE },
  ECONNRESET: { what: 'the connection was broken off', hint: PRIVATE },
  aborted: { what: 'the connection was broken off', hint: PRIVATE },
  EPIPE: { what: 'the connection was broken off', hint: PRIVATE },
  CERT_HAS_EXPIRED: {
    what: 'a certificate of the API server has expired',
    hint: "Check this machine's clock; if it is right, renew the certificates (az aks rotate-certs).",
  },
  CERT_NOT_YET_VALID: {
    what: 'a certificate of the API server is not valid yet',
    hint: "Check this machine's clock.",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: 'its certificate is made out to other names',
    hint: 'Check the server address of the kubeconfig, or give the right name with --tls-server-name.',
  },
  EPROTO: {
    what: 'the TLS handshake failed',
    hint: 'Check that the server address of the kubeconfig begins with the right one of https:// and http://.',
  },
};

const UNTRUSTED: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
];

/** What happened, as a clause behind "the API server at HOST:PORT"; for facts that stay unknown. */
export function failureReason(failure: ExchangeFailure, endpoint: Endpoint): string {
  return `the API server at ${hostOf(endpoint)} could not be read: ${explain(failure, endpoint).what}`;
}

/** The error for an API server that was never reached: host, what happened, what to check. */
export function unreachable(failure: ExchangeFailure, endpoint: Endpoint): WiDoctorError {
  const { what, hint } = explain(failure, endpoint);
  return new WiDoctorError('CLUSTER', `Cannot reach the API server at ${hostOf(endpoint)}: ${what}.`, {
    hint,
  });
}

/** The error for an API server that does not accept who we are (401). */
export function notLetIn(endpoint: Endpoint): WiDoctorError {
  return new WiDoctorError(
    'CLUSTER',
    `The API server at ${hostOf(endpoint)} does not accept the credentials of the kubeconfig (401): they are expired or wrong.`,
    {
      hint:
        'Sign in again (az login, or az aks get-credentials --overwrite-existing; for kubelogin: kubelogin ' +
        'remove-tokens), then check with kubectl auth whoami.',
    },
  );
}

function explain(failure: ExchangeFailure, endpoint: Endpoint): Explanation {
  const { code } = failure;
  if (code === 'timeout') return timedOut(failure, endpoint);
  if (code === 'too-large') return { what: 'the answer is larger than 64 MiB', hint: 'Narrow the request.' };
  const proxyStatus = /^Bad response: (\d{3})$/.exec(failure.message)?.[1];
  if (proxyStatus !== undefined) {
    const refused = `the proxy ${endpoint.proxy ?? ''} refused to connect (${proxyStatus})`;
    return { what: refused, hint: 'Check HTTPS_PROXY, NO_PROXY and proxy-url of the kubeconfig.' };
  }
  if (UNTRUSTED.includes(code)) {
    return { what: 'its certificate is not signed by the authority of the kubeconfig', hint: RENEW };
  }
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    return { what: 'it refused the TLS handshake, most likely our client certificate', hint: RENEW };
  }
  if (code.startsWith('HPE_')) {
    return { what: 'it does not answer in HTTP', hint: 'Check the server address of the kubeconfig.' };
  }
  const known = EXPLANATIONS[code] ?? (code.startsWith('ERR_SSL_') ? EXPLANATIONS['EPROTO'] : undefined);
  const { what, hint } = known ?? { what: `the connection failed (${code})`, hint: RUNS };
  return {
    what: endpoint.proxy === undefined ? what : `${what} (through the proxy ${endpoint.proxy})`,
    hint,
  };
}

const WAITING: Readonly<Record<ExchangeFailure['stage'], string>> = {
  name: 'no connection',
  connection: 'no connection',
  tls: 'no TLS handshake',
  answer: 'no answer',
  body: 'no complete answer',
};

function timedOut(failure: ExchangeFailure, endpoint: Endpoint): Explanation {
  const waited = `${WAITING[failure.stage]} within ${endpoint.timeoutMs / 1000} s`;
  const through = endpoint.proxy === undefined ? '' : ` (through the proxy ${endpoint.proxy})`;
  const reached = failure.stage === 'answer' || failure.stage === 'body';
  return {
    what: waited + through,
    hint: reached ? 'Give it more time with --request-timeout 60s.' : PRIVATE,
  };
}

/** `host:port` of the API server. */
function hostOf(endpoint: { readonly server: string }): string {
  const url = new URL(endpoint.server);
  return `${url.hostname}:${url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port}`;
}
