import { createHash } from 'node:crypto';
import { cpSync, rmSync, writeFileSync } from 'node:fs';

import { SetupError } from '../../cpp/toolchain/say.mjs';
import { groupOf, parts, writeCppPages } from './cpp-pages.mjs';
import { fenceEquations } from './equations.mjs';
import { inRoot } from './paths.mjs';
import { buildStep } from './step.mjs';

/** Nothing is fetched from anywhere. TypeDoc's script hides parts by a style of its own, and unpacks its index from a data: address. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; " +
  "connect-src data:; base-uri 'none'; form-action 'none'";

/** The pages of the library's interface, in build/api: TypeScript by TypeDoc, the C++ headers as documents in it. */
export async function buildDocs() {
  await buildStep({
    name: 'api pages',
    inputs: ['web/engine', 'web/docs', 'cpp/unroll', 'tsconfig.package.json', 'tsconfig.json', 'web/build/docs.mjs', 'web/build/cpp-pages.mjs', 'web/build/equations.mjs', 'package-lock.json'],
    outputs: ['build/api/index.html'],
    action: async () => {
      const { Application, Converter, JSX, PageEvent } = await import('typedoc');
      const out = inRoot('build/api');
      const app = await Application.bootstrap({
        name: 'Unroll',
        entryPoints: [inRoot('web/engine/index.ts')],
        tsconfig: inRoot('tsconfig.package.json'),
        readme: inRoot('web/docs/start.md'),
        projectDocuments: [inRoot('web/docs/lecture.md'), ...writeCppPages(inRoot('build/docs/cpp'))],
        alwaysCreateEntryPointModule: false, // one library, not a module in one
        groupOrder: ['Documents', 'Classes', 'Functions', 'Interfaces', 'Type Aliases', 'Variables', ...parts.map(groupOf)],
        navigation: { includeGroups: true },
        favicon: inRoot('web/docs/icon.svg'),
        customCss: inRoot('web/docs/api.css'),
        basePath: inRoot(),
        excludeInternal: true,
        excludePrivate: true,
        excludeExternals: true, // what a class has from Error
        disableSources: true,
        disableGit: true,
        hideGenerator: true,
        githubPages: false,
        sort: ['source-order'],
        // Only what begins with https:// is an address; torch.optim.lr_scheduler is none.
        markdownItLoader: (parser) => parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false }),
        highlightLanguages: ['javascript', 'typescript', 'cpp', 'python'],
        treatWarningsAsErrors: true,
        logLevel: 'Warn',
      });
      app.renderer.hooks.on('head.begin', () =>
        JSX.createElement('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      );
      app.renderer.hooks.on('sidebar.begin', (context) =>
        JSX.createElement('p', { class: 'to-page' }, JSX.createElement('a', { href: context.relativeURL('../index.html') }, '← The page')),
      );
      const scripts = new Map();
      app.renderer.on(PageEvent.END, (page) => {
        page.contents = scriptsIntoFiles(withoutLinksInSummaries(page.contents), scripts);
      });
      app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
        for (const part of textsOf(project)) part.text = fenceEquations(part.text);
      });
      const project = await app.convert();
      if (project) {
        app.validate(project);
        rmSync(out, { recursive: true, force: true });
        await app.generateDocs(project, out);
        for (const [name, script] of scripts) writeFileSync(`${out}/assets/${name}`, script);
        // Its theme is shipped with the pages.
        cpSync(inRoot('node_modules/typedoc/LICENSE'), `${out}/assets/typedoc-license.txt`);
      }
      if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new SetupError('The pages of the interface: see above.');
    },
  });
}

/** Every piece of text in the comments of a project. */
function textsOf(project) {
  return Object.values(project.reflections)
    .flatMap(({ comment }) => (comment ? [comment.summary, ...comment.blockTags.map(({ content }) => content)] : []))
    .flat()
    .filter(({ kind }) => kind === 'text');
}

/** A heading that folds its section cannot be a link as well: keyboards and screen readers reach only one of the two. */
const withoutLinksInSummaries = (html) =>
  html.replace(/<summary\b.*?<\/summary>/gs, (summary) => summary.replace(/<a\b[^>]*class="tsd-anchor-icon".*?<\/a>/gs, ''));

/** The scripts that stand in a page become files, which a content security policy can tell from what somebody slipped in. */
function scriptsIntoFiles(html, scripts) {
  const base = /<html[^>]* data-base="([^"]*)"/.exec(html)[1];
  return html.replace(/<script>(.*?)<\/script>/gs, (_, script) => {
    const name = `inline-${createHash('sha256').update(script).digest('hex').slice(0, 8)}.js`;
    scripts.set(name, script);
    return `<script src="${base}assets/${name}"></script>`;
  });
}
