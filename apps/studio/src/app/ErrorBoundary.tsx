import './error-boundary.css';

import { Component, type ReactNode } from 'react';

import { Button } from '../ui/Button.tsx';

interface ErrorBoundaryState {
  readonly error: Error | null;
}

/** In place of a blank page: what went wrong, and how to go on. What was kept is still there. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="failure" role="alert">
        <h1>Something went wrong here</h1>
        <p>Load the page again; your work was saved as you went.</p>
        <div className="failure-actions">
          <Button look="primary" onPress={() => location.reload()}>
            Load again
          </Button>
          <Button onPress={() => location.assign(`${location.pathname}?fresh`)}>
            Start without my last picture
          </Button>
        </div>
        <details>
          <summary>What happened</summary>
          <pre>{`${error.name}: ${error.message}\n${error.stack ?? ''}`}</pre>
        </details>
      </main>
    );
  }
}
