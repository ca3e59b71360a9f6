/** What Vite adds to `import.meta`, as far as the tests use it. */
interface ImportMeta {
  glob<T>(pattern: string, options: { readonly eager: true }): Record<string, T>;
}
