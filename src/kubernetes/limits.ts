/** How long and how much the client waits for. Milliseconds and bytes. */
export interface Limits {
  /** One request, from the look-up of the name to the last byte. */
  readonly requestMs: number;
  /** All attempts together when the API server asks for patience (429) or fails (5xx). */
  readonly retryMs: number;
  /** First pause between attempts when the answer names none; doubles each time. */
  readonly backoffMs: number;
  /** After this long a request counts as slow and `onSlow` is told. */
  readonly slowMs: number;
  readonly bodyBytes: number;
  /** Pages of one list. */
  readonly pages: number;
  /** A credential plug-in that cannot ask the user anything. */
  readonly pluginMs: number;
  /** A credential plug-in that may wait for the user to sign in. */
  readonly interactivePluginMs: number;
}

export const LIMITS: Limits = {
  requestMs: 15_000,
  retryMs: 20_000,
  backoffMs: 500,
  slowMs: 10_000,
  bodyBytes: 64 * 1024 * 1024,
  pages: 2_000,
  pluginMs: 20_000,
  interactivePluginMs: 60_000,
};
