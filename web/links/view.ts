import { LinkError } from './link-error.js';
import { plainProperties } from './plain.js';
import { show } from './show.js';

/** What the page shows besides the run: which lens, and what it is pointed at. It changes nothing that is trained. */
export interface LinkView {
  readonly lens: string;
  readonly position: number;
  readonly layer: number;
  readonly unit: number;
  /** A letter. */
  readonly gate: string;
}

/** `show=<lens>.<position>.<layer>.<unit>.<gate>`, for example `gates.12.0.5.f`. */
const VIEW = /^([a-z]{1,16})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.([a-z])$/;

/** Of a view that is not checked yet. */
export function writeView(view: unknown): string {
  const { lens, position, layer, unit, gate } = plainProperties(view) ?? {};
  const parts = [lens, position, layer, unit, gate];
  const written = parts.map((part) => (typeof part === 'string' ? part : show(part))).join('.');
  if (VIEW.test(written)) return written;
  const what = `the view of a link is ${written.slice(0, 80)}`;
  throw new LinkError('INVALID_CONFIG', `${what}, expected a lens, three whole numbers below 10000 and a letter`);
}

/** @throws LinkError `LINK_DAMAGED` */
export function readView(written: string): LinkView {
  const match = VIEW.exec(written);
  if (!match) {
    throw new LinkError(
      'LINK_DAMAGED',
      `This link is damaged: what it shows, show=${written.slice(0, 40)}, cannot be read.`,
    );
  }
  const [, lens, position, layer, unit, gate] = match;
  return { lens: lens!, position: Number(position), layer: Number(layer), unit: Number(unit), gate: gate! };
}
