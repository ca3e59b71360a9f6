import type { IncomingHttpHeaders } from 'node:http';
import { request, type RequestOptions } from 'node:https';

import { authorityPem } from '../support/certificates.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One request to a loopback server, pretending to ask for `host`; rejects when the answer is cut off. */
export function httpsRequest(
  url: string,
  {
    body,
    host,
    headers = {},
    ...options
  }: Omit<RequestOptions, 'headers'> & {
    body?: string;
    host?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = { ...headers, ...(host !== undefined && { host }) };
    const outgoing = request(
      url,
      { ca: authorityPem(), agent: false, ...options, headers: sent },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
