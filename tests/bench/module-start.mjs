import { spawnSync } from 'node:child_process';

const engine = new URL('../../build/lib/engine/index.js', import.meta.url).href;

const program = `
  const { createEngine } = await import(${JSON.stringify(engine)});
  const start = performance.now();
  await createEngine();
  console.log(performance.now() - start);`;

/** Milliseconds from createEngine() to the engine, in a process that has not done it before. */
export function measureModuleStart() {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the new process failed: ${stderr}`);
  return Number(stdout);
}
