const SCOPE = /^\/subscriptions\/[\w-]+(\/[^/?#%\\\s]+)*$/i;

/** Whether a text is the id of a resource, a group or a subscription, and leads a request nowhere else. */
export function isResourceId(text: string): boolean {
  // Two dots would lead the request somewhere else.
  return SCOPE.test(text) && !text.split('/').some((part) => /^\.+$/.test(part));
}

/** Whether a resource is another one, or lies in it. */
export function liesIn(resource: string, other: string): boolean {
  return `${resource.toLowerCase()}/`.startsWith(`${other.toLowerCase()}/`);
}
