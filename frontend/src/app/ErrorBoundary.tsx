import { Component, type ReactNode } from 'react';
import { ErrorState } from '@/shared/ui/ErrorState';

interface State {
  error: unknown;
}

/** The last net: a page that failed to draw says so and can be tried again; the outbox is not touched by it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
