/** Host names at which Entra signs workloads in, by cloud; the first of each is the usual one. */
const HOSTS: Readonly<Record<'public' | 'usgov' | 'china', readonly string[]>> = {
  public: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  usgov: ['login.microsoftonline.us', 'login.usgovcloudapi.net', 'login-us.microsoftonline.com'],
  china: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
};

/** The cloud whose Entra answers at a host; null for every other host, to which no token is ever sent. */
export function cloudOfAuthority(host: string): keyof typeof HOSTS | null {
  const name = host.toLowerCase();
  // Regional endpoints of the public cloud: <region>.login.microsoft.com.
  if (/^[a-z0-9-]+\.login\.microsoft\.com$/.test(name)) return 'public';
  const clouds = Object.keys(HOSTS) as (keyof typeof HOSTS)[];
  return clouds.find((cloud) => HOSTS[cloud].includes(name)) ?? null;
}
