/**
 * Values from outside as plain data that nobody else holds: getters and proxies may throw, or answer otherwise the next
 * time. What cannot be read becomes this, which fits nothing.
 */
const UNREADABLE: unknown = Object.freeze(Object.create(null));

export function plain(value: unknown): unknown {
  try {
    return typeof value === 'object' || typeof value === 'function' ? structuredClone(value) : value;
  } catch {
    return UNREADABLE;
  }
}

/** The properties of an object, each by itself; null when it is none. */
export function plainProperties(value: unknown): Record<string, unknown> | null {
  try {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return null;
    const own = value as Record<string, unknown>;
    return Object.fromEntries(Object.keys(own).map((key) => [key, plainProperty(own, key)]));
  } catch {
    return null;
  }
}

/** One of them; undefined also of what has none. */
export function plainProperty(value: unknown, key: string): unknown {
  try {
    return plain((value as Record<string, unknown> | null | undefined)?.[key]);
  } catch {
    return UNREADABLE;
  }
}
