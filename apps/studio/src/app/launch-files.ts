import type { Studio } from '../state/studio.ts';

interface LaunchQueue {
  setConsumer(
    consumer: (launch: { readonly files: readonly FileSystemFileHandle[] }) => void,
  ): void;
}

/** Opens files that the system hands to the installed Studio. */
export function openLaunchFiles(studio: Studio): void {
  const { launchQueue } = globalThis as { readonly launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files: [handle] }) => {
    if (handle === undefined) return;
    void handle.getFile().then((file) => studio.openFile(file));
  });
}
