import './error-boundary.css';

import { Component, type ReactNode } from 'react';

import type { Studio } from '../state/studio.ts';
import { Button } from '../ui/Button.tsx';

interface ErrorBoundaryProps {
  readonly studio: Studio;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: Error | null;
  /** What became of saving the work. */
  readonly saved: string;
}

/** In place of a blank page: what went wrong, how to go on, and how to get the work out. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null, saved: '' };

  static getDerivedStateFromError(error: unknown): Partial<ErrorBoundaryState> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  readonly #save = async (): Promise<void> => {
    try {
      const { saveWork } = await import('./save-work.ts');
      await saveWork(this.props.studio);
      this.setState({ saved: 'The project is in your downloads. Open it here at any time.' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.setState({ saved: `It could not be saved: ${reason}` });
    }
  };

  override render(): ReactNode {
    const { children, studio } = this.props;
    const { error, saved } = this.state;
    if (error === null) return children;
    const isKept = studio.autosave.notKeptBecause.get() === undefined;
    return (
      <main className="failure" role="alert">
        <h1>Something went wrong here</h1>
        <p>
          {isKept
            ? 'Load the page again; your work was saved as you went.'
            : 'This browser keeps nothing: save your work as a file, then load the page again.'}
        </p>
        <div className="failure-actions">
          <Button look="primary" onPress={() => location.reload()}>
            Load again
          </Button>
          {studio.picture.get() !== null && (
            <Button onPress={() => void this.#save()}>Save my work as a file</Button>
          )}
          <Button onPress={() => location.assign(`${location.pathname}?fresh`)}>
            Start without my last picture
          </Button>
        </div>
        <p aria-live="polite">{saved}</p>
        <details>
          <summary>What happened</summary>
          <pre>{`${error.name}: ${error.message}\n${error.stack ?? ''}`}</pre>
        </details>
      </main>
    );
  }
}
