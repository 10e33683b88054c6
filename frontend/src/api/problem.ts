/** RFC 9457 problem details, as every error of the API arrives. `code` is frozen: translate by it. */
export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  /** Field name → what is wrong with it, for a form. */
  errors?: Record<string, string[]>;
  [context: string]: unknown;
}

export class Problem extends Error {
  readonly body: ProblemBody;

  constructor(body: ProblemBody) {
    super(body.detail ?? body.title);
    this.name = 'Problem';
    this.body = body;
  }

  get status(): number {
    return this.body.status;
  }

  get code(): string {
    return this.body.code;
  }

  /** The first message for each field, as Mantine's `form.setErrors` takes them. */
  get fieldErrors(): Record<string, string> {
    const entries = Object.entries(this.body.errors ?? {});
    return Object.fromEntries(entries.map(([field, messages]) => [field, messages[0] ?? this.body.title]));
  }
}

/** What a failed fetch becomes: no answer at all has the status 0 and the code "unreachable". */
export function unreachable(cause: unknown): Problem {
  const problem = new Problem({ title: 'The server cannot be reached.', status: 0, code: 'unreachable' });
  problem.cause = cause;
  return problem;
}

function isBody(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'title' in value && 'status' in value;
}

/** Reads an error response, whatever stands between us and the server has put into it. */
export async function problemFrom(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => '');
  try {
    const body: unknown = JSON.parse(text);
    if (isBody(body)) return new Problem({ ...body, code: String(body.code ?? 'error') });
  } catch {
    // Not JSON: a proxy's page. Its markup helps nobody.
  }
  const title = response.statusText || `The server answered ${response.status}.`;
  return new Problem({ title, status: response.status, code: `http-${response.status}` });
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const title = error instanceof Error ? error.message : String(error);
  return new Problem({ title, status: -1, code: 'client-error' });
}
