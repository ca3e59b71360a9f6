import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

// Chunks carry their content's hash, so those of an earlier build do no harm until the package is made.
if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true });

/**
 * Parts of the Kubernetes client that a kubeconfig never reaches: its generated models, fetch, OpenID sign-in
 * and YAML parser (kubeconfigs are parsed by `yaml`). They are nine tenths of its weight.
 */
const UNREACHED = /^(js-yaml|node-fetch|openid-client|jsonpath-plus)$|\/gen\/index\.js$/;
const withoutUnreached = {
  name: 'without-unreached',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: UNREACHED }, ({ path, importer }) =>
      /[\\/]client-node[\\/]dist[\\/]/.test(importer) ? { path, namespace: 'unreached' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unreached' }, () => ({ contents: 'module.exports = {}' }));
  },
};

/**
 * string-width builds a text segmenter and patterns over all of Unicode as it is loaded, which costs more than
 * the rest of a start. Help and lists are measured as the reports are; only a spinner loads the original.
 */
const plainWidth = {
  name: 'plain-width',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]string-width[\\/]index\.js$/ }, ({ path }) =>
      // The spinner keeps the original, and so does the older CommonJS release that draws lists.
      /[\\/]ora[\\/]/.test(path) || !readFileSync(path, 'utf8').includes('export default')
        ? undefined
        : {
            contents: `export { textWidth as default } from './src/reporters/text-width.ts';`,
            loader: 'js',
            resolveDir: import.meta.dirname,
          },
    );
  },
};

/** Split into chunks, so that a run loads only the code of its own command. */
await build({
  entryPoints: { cli: 'src/cli/entry.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  // Too large to bundle and only loaded for Azure look-ups.
  external: ['@azure/*'],
  plugins: [withoutUnreached, plainWidth],
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
});
