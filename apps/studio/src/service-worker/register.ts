import { say } from '../state/notices.ts';

/** Keeps the Studio for use without a network, and tells when a newer one is there. */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  void register().catch(() => undefined); // A frame without storage; it works while it is online.
}

async function register(): Promise<void> {
  const { serviceWorker } = navigator;
  const hadOne = serviceWorker.controller !== null;
  const registration = await serviceWorker.register(new URL('service-worker.js', document.baseURI));
  if (registration.waiting !== null && hadOne) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state !== 'installed') return;
      if (hadOne) offer(worker);
      else say({ kind: 'done', title: 'Ready to work offline' });
    });
  });
}

function offer(worker: ServiceWorker): void {
  say({
    kind: 'note',
    title: 'A newer Studio is here',
    detail: 'Your picture and objects stay.',
    action: {
      label: 'Load it',
      run() {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
          once: true,
        });
        worker.postMessage('update', []);
      },
    },
  });
}
