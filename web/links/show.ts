/** The beginning of a text that may be of any length. */
export const brief = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** A value of unknown origin as a reader can recognise it: never longer than a line, and never fails. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `"${brief(value)}"`;
  try {
    const text = Array.isArray(value) && value.length === 0 ? 'empty' : written(value);
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  } catch {
    return 'something that cannot be read';
  }
}

/** The beginning of a list as it stands in a link; everything else in JavaScript's words. */
function written(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value
    .slice(0, 5)
    .map((item: unknown) => brief(String(item)))
    .join(',');
}
