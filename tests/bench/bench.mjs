/** npm run bench: which benchmark the arguments ask for. Training steps are the standard one. */
const special = ['generation', 'paths'].find((name) => process.argv.includes(`--${name}`));
await import(special === undefined ? './main.mjs' : `./${special}.mjs`);
