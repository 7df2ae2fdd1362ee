import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Parts that a folder may not know: the arrows of the architecture point one way. */
const arrows = {
  'web/engine': ['links', 'tasks', 'run', 'worker', 'cli', 'page', 'corpora'],
  'web/bytes': ['engine', 'links', 'tasks', 'run', 'worker', 'cli', 'page', 'corpora'],
  'web/links': ['tasks', 'run', 'worker', 'cli', 'page', 'engine'],
  'web/parallel': ['links', 'tasks', 'run', 'worker', 'cli', 'page', 'corpora'],
  'web/tasks': ['run', 'worker', 'cli', 'page'],
  'web/run': ['worker', 'cli', 'page'],
  'web/worker': ['cli', 'page'],
  'web/cli': ['worker', 'page'],
  'web/page': ['engine', 'cli'], // only the worker owns an engine
};

/** What is known of the engine's cells is data, which every part may know. */
const parts = (names) => `^(\\.\\./)+(?!engine/cells\\.js$)(${names.join('|')})/`;
const otherTask = '^\\.\\./[\\w-]+/';

/** A rule that is given again replaces the one before, so each says all. */
const noImport = (files, message, ...regexes) => ({
  files,
  ignores: ['**/*.test.{ts,tsx}'], // tests may reach anywhere
  rules: {
    'no-restricted-imports': ['error', { patterns: regexes.map((regex) => ({ regex, message })) }],
  },
});

const mayNotImport = [
  ...Object.entries(arrows).map(([folder, names]) =>
    noImport([`${folder}/**/*.{ts,tsx}`], `${folder} may not know this part.`, parts(names)),
  ),
  // Tasks do not know each other. Their fields are data, which links know from one list of them.
  noImport(['web/tasks/*/**/*.ts'], 'A task may not know this part.', parts(arrows['web/tasks']), otherTask),
  noImport(
    ['web/tasks/*/fields.ts'],
    'The fields of a task are data.',
    parts([...arrows['web/tasks'], 'engine', 'parallel']),
    otherTask,
    '^\\./',
  ),
  noImport(
    ['web/links/tasks.ts'],
    'Links know the fields of tasks, and nothing else of them.',
    parts(arrows['web/links'].filter((name) => name !== 'tasks')),
    '/tasks/(?![\\w-]+/fields\\.js$)',
  ),
  // Nor do lenses, wherever in its folder a file lies.
  noImport(['web/page/lenses/*/*.{ts,tsx}'], 'A lens may not know this part.', parts(arrows['web/page']), otherTask),
  noImport(
    ['web/page/lenses/*/*/*.{ts,tsx}'],
    'A lens may not know this part.',
    parts(arrows['web/page']),
    `^\\.\\./${otherTask.slice(1)}`,
  ),
];

const asText = 'Text reaches the document as text.';
const leaves = 'Nothing leaves the page.';
const leavesThePage = ['RTCPeerConnection', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map((name) => ({
  name,
  message: leaves,
}));

export default defineConfig(
  globalIgnores(['build', 'dist', '.toolchain', 'web/engine/wasm']),
  {
    files: ['**/*.{js,mjs,ts,tsx}'],
    extends: [tseslint.configs.recommended],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }], // == null asks for null or undefined
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
    },
  },
  {
    // A promise that nobody waits for loses its error.
    files: ['{web,tests}/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/no-misused-promises': 'error' },
  },
  {
    // A page is read when it has drawn: `eventually` waits. What has to hold right now is read into a name first.
    files: ['tests/page/**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.name="expect"] > :matches(AwaitExpression, MemberExpression:has(AwaitExpression))',
          message: 'Wait for what is expected: await eventually(() => ...).',
        },
      ],
    },
  },
  {
    files: ['web/{engine,bytes,links,tasks,parallel,run,worker,page,corpora}/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-globals': ['error', ...leavesThePage],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: asText },
        { property: 'outerHTML', message: asText },
        { property: 'insertAdjacentHTML', message: asText },
        { object: 'document', property: 'write', message: asText },
        { object: 'navigator', property: 'sendBeacon', message: leaves },
        { object: 'window', property: 'open', message: leaves },
        { object: 'Math', property: 'random', message: 'Every bit comes from the seeded generator of the engine.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: asText },
      ],
    },
  },
  {
    files: ['web/engine/**/*.{ts,tsx}'],
    rules: {
      // The engine never touches a document or a clock. A rule that is given again replaces the one above, so both lists
      // stand here.
      'no-restricted-globals': [
        'error',
        ...leavesThePage,
        ...['document', 'window', 'Date', 'performance', 'localStorage'],
      ],
    },
  },
  ...mayNotImport,
);
