/** Replaced by `npm run types` from openapi/schema.yaml; until the first generation only the session is declared. */
export interface paths {
  '/api/v1/session': {
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      responses: {
        200: {
          content: {
            'application/json': { user: { id: string; email: string; name: string } | null };
          };
        };
      };
    };
  };
}
