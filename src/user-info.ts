/**
 * The address of a proxy without the name and password that may stand in it. A password may hold any character, and
 * the scheme may be missing, so everything up to the last `@` goes.
 */
export function withoutUserInfo(address: string): string {
  return address.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
}
