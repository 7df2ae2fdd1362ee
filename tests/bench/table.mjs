/** The table that npm run bench prints, a line for each configuration and build. */

const percent = ({ median }) => `${(100 * median).toFixed(0)} %`;
const thousands = (rate) => `${(rate / 1000).toFixed(1)}k`;
const rates = ({ median, min, max }) => `${thousands(median)} (${thousands(min)} – ${thousands(max)})`;
const ratios = ({ median, min, max }) => `${median.toFixed(2)} (${min.toFixed(2)} – ${max.toFixed(2)})`;

const row = (name, build, chars, gigaflops, kernel, chain, other, ratio) =>
  [
    name.padEnd(24),
    build.padEnd(7),
    chars.padEnd(27),
    gigaflops.padStart(7),
    kernel.padStart(7),
    chain.padStart(6),
    other.padStart(27),
    ratio.padStart(21),
  ]
    .join(' ')
    .trimEnd();

export function heading(hasRival) {
  return row(
    'configuration',
    'build',
    'chars/s',
    'GFLOP/s',
    'kernel',
    'chain',
    hasRival ? 'other chars/s' : '',
    hasRival ? 'ratio' : '',
  );
}

export function lineOf(name, build, result) {
  return row(
    name,
    build,
    rates(result.charsPerSecond),
    result.gigaflops.toFixed(1),
    percent(result.kernelShare),
    percent(result.chainShare),
    result.ratio === undefined ? '' : rates(result.rivalCharsPerSecond),
    result.ratio === undefined ? '' : ratios(result.ratio),
  );
}
