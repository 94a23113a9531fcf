const longestName = 80;

/** Names that every file system takes, each different from the others whatever the case. */
export function fileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, '-')
      .replaceAll(/\s+/g, ' ')
      .slice(0, longestName)
      .replaceAll(/^[\s.-]+|[\s.-]+$/g, '');
    const stem =
      plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain)
        ? `object ${plain}`.trim()
        : plain;
    let unique = stem;
    for (let number = 2; taken.has(unique.toLowerCase()); number++) unique = `${stem} ${number}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
