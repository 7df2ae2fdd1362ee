import { buildDocs } from './docs.mjs';
import { main } from './main.mjs';
import { installModules } from './modules.mjs';
import { buildPackage } from './package.mjs';
import { buildPage } from './page.mjs';
import { buildTexts } from './texts.mjs';
import { buildWasm } from './wasm.mjs';

/** npm run build: everything that ships. `--only package` leaves the page out. */
export async function build({ page = true } = {}) {
  await installModules();
  await buildWasm();
  await buildTexts();
  await buildPackage();
  if (!page) return;
  await buildDocs();
  await buildPage();
}

await main(import.meta, () => build({ page: !process.argv.includes('--only') }));
