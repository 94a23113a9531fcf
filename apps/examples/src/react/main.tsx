import '@samgpu/element/nano';
import '@samgpu/element/react';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

function App() {
  const [file, setFile] = useState<File | null>(null);
  const [found, setFound] = useState<string[]>([]);
  return (
    <>
      <input type="file" onChange={({ target }) => setFile(target.files?.[0] ?? null)} />
      <sam-canvas image={file} onsam-commit={(e) => setFound([...found, e.detail.object.name])} />
      <output>{found.join(', ') || 'Click, then press Enter'}</output>
    </>
  );
}
createRoot(document.querySelector('main')!).render(<App />);
