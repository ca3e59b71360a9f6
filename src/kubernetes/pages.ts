import { unknown, type Answer, type ListQuery, type Query } from './answers.ts';
import type { KubernetesList } from './types.ts';

/**
 * Reads all pages of a list into one.
 *
 * A page that cannot be read makes the whole list unknown: from half a list nothing follows about what is
 * missing. An expired continue token (410) starts the listing over, once.
 *
 * @param page Asks for one page.
 */
export async function listAll(
  page: (query: Query) => Promise<Answer>,
  { limit = 500, ...selectors }: ListQuery,
  maxPages: number,
): Promise<Answer<KubernetesList<unknown>>> {
  let restarted = false;
  let token: string | undefined;
  let items: unknown[] = [];
  for (let count = 1; count <= maxPages; count++) {
    const answer = await page({ ...selectors, limit, continue: token });
    if (answer.kind !== 'ok') {
      if (answer.kind === 'absent') return answer;
      if (answer.status !== 410 || restarted || token === undefined) return answer;
      restarted = true;
      token = undefined;
      items = [];
      continue;
    }
    const list = answer.body as KubernetesList<unknown>;
    for (const item of list.items) items.push(item);
    const next = list.metadata?.continue;
    if (next === undefined || next === '')
      return { kind: 'ok', body: { ...list, metadata: withoutToken(list), items } };
    if (next === token) return unknown('the API server answers the same page of the list again and again');
    token = next;
  }
  return unknown(`the list has more than ${maxPages} pages`);
}

function withoutToken({ metadata }: KubernetesList<unknown>): NonNullable<KubernetesList['metadata']> {
  return metadata?.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion };
}
