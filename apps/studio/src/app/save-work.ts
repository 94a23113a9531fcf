import { currentDocument } from '../state/current-document.ts';
import type { Studio } from '../state/studio.ts';

/** Hands the picture with all objects to the downloads, as a project that the Studio opens again. */
export async function saveWork(studio: Studio): Promise<void> {
  const document = currentDocument(studio);
  if (document === null) throw new Error('no picture is open');
  // Writers come when they are wanted, here as elsewhere.
  const [{ writeFile }, { exportName }, { download }] = await Promise.all([
    import('../files/write-file.ts'),
    import('../files/format-names.ts'),
    import('../export/download.ts'),
  ]);
  const picture = studio.picture.get();
  const blob = await writeFile('project', document, {
    ...(picture !== null && { picture: picture.file, pictureName: picture.name }),
    session: studio.session.save(),
  });
  download(blob, exportName('project', document, blob));
}
