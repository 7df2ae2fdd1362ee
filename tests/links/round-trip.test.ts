import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELLS, DEFAULTS, LIMITS, OPTIMIZERS, readLink, writeLink } from '../../web/links/index.js';
import type { RunConfig } from '../../web/links/index.js';
import { TEXTS } from '../../web/corpora/catalogue.js';
import { EXAMPLES } from './examples.js';

const whole = ({ min, max }: { min: number; max: number }) => fc.integer({ min, max });
const real = ({ min, max }: { min: number; max: number }) => fc.double({ min, max, noNaN: true });
const anyText = fc.string({ unit: 'grapheme', maxLength: 200 });

const anyConfig: fc.Arbitrary<RunConfig> = fc.record({
  task: fc.constant('language' as const),
  text: fc.oneof(
    fc.constantFrom(...TEXTS.map((text) => text.id)),
    anyText.filter((own) => own !== '').map((own) => ({ own })),
  ),
  cell: fc.constantFrom(...CELLS),
  hiddenSize: whole(LIMITS.hiddenSize),
  numLayers: whole(LIMITS.numLayers),
  embeddingDim: whole(LIMITS.embeddingDim),
  dropout: real(LIMITS.dropout),
  forgetBias: real(LIMITS.forgetBias),
  batchSize: whole(LIMITS.batchSize),
  seqLen: whole(LIMITS.seqLen),
  steps: whole(LIMITS.steps),
  learningRate: real(LIMITS.learningRate),
  optimizer: fc.constantFrom(...OPTIMIZERS),
  clipNorm: real(LIMITS.clipNorm),
  seed: whole(LIMITS.seed),
  split: fc
    .double({ min: 0.01, max: 0.99, noNaN: true })
    .map((train) => [train, (1 - train) / 2, (1 - train) / 2] as const),
  workers: whole(LIMITS.workers),
  evalEvery: whole(LIMITS.evalEvery),
  sampleEvery: whole(LIMITS.sampleEvery),
  prompt: anyText,
  temperature: real(LIMITS.temperature),
  sampleSeed: whole(LIMITS.sampleSeed),
  sampleLength: whole(LIMITS.sampleLength),
  greedy: fc.boolean(),
  fast: fc.boolean(),
});

/** -0 is written as 0. */
const plain = (config: RunConfig): unknown => JSON.parse(JSON.stringify(config));

describe('a link that was written', () => {
  it.each(EXAMPLES)('reads as what it was made of (%#)', async (link) => {
    const opened = await readLink(await writeLink(link));
    expect(opened.config).toEqual(link.config);
    expect(opened.claim).toEqual(link.claim ?? null);
    expect(opened.extra).toEqual(link.extra ?? new Map());
    expect(opened.notes).toEqual([]);
  });

  it('reads as what it was made of, whatever that was', async () => {
    await fc.assert(
      fc.asyncProperty(anyConfig, async (config) => {
        const { config: opened } = await readLink(await writeLink({ config }));
        expect(opened).toEqual(plain(config));
      }),
      { numRuns: 500 },
    );
  });

  it('is the same again when it is written again', async () => {
    for (const example of EXAMPLES) {
      const link = await writeLink(example);
      expect(await writeLink(await readLink(link))).toBe(link);
    }
  });

  it('holds only characters that no program escapes or cuts off', async () => {
    await fc.assert(
      fc.asyncProperty(anyConfig, async (config) => {
        expect(await writeLink({ config })).toMatch(/^#[\w\-.,%&=]*[\w-]$/);
      }),
      { numRuns: 200 },
    );
  });

  it('says only what differs from the defaults, in alphabetical order', async () => {
    const link = await writeLink({ config: { ...DEFAULTS, seed: 7, cell: 'gru', batchSize: 32, evalEvery: 100 } });
    expect(link).toMatch(/^#v=1&k=30\.[0-9a-f]{8}&cell=gru&eval-every=100&seed=7$/);
  });

  it('opens from a whole address, with blanks around it', async () => {
    const link = await writeLink({ config: { ...DEFAULTS, seed: 7 } });
    expect((await readLink(` https://example.org/unroll/?lang=en${link}\n`)).config.seed).toBe(7);
    expect((await readLink(link.slice(1))).config.seed).toBe(7);
  });
});
