/** What is known of a stored file. Kept beside its bytes as JSON. */
export interface FileRecord {
  readonly name: string;
  /** Where it came from, without user name, password and query, which may hold secrets. */
  readonly url: string;
  /** SHA-256 of the whole URL: tells whether validators belong to an address, without storing it. */
  readonly address: string;
  /** Size of the whole file in bytes, where it is known. Always known of a complete file. */
  readonly total?: number;
  /** Of the response: says which version of the file this is. */
  readonly etag?: string;
  /** Of the response, as an HTTP date. */
  readonly lastModified?: string;
  /** SHA-256 of the content of a complete file that came without a pinned hash. */
  readonly sha256?: string;
  /** When it was complete, or its download began, in ISO 8601. */
  readonly stored: string;
}

/** @returns undefined if the text is not a record, for instance because a crash cut it short */
export function parseFileRecord(text: string): FileRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isFileRecord(value) ? value : undefined;
}

function isFileRecord(value: unknown): value is FileRecord {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const record = value as Partial<Record<keyof FileRecord, unknown>>;
  const required = [record.name, record.url, record.address, record.stored];
  const optional = [record.etag, record.lastModified, record.sha256];
  return (
    required.every((field) => typeof field === 'string') &&
    optional.every((field) => field === undefined || typeof field === 'string') &&
    (record.total === undefined ||
      (Number.isSafeInteger(record.total) && (record.total as number) >= 0))
  );
}
