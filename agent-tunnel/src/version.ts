/** Version of the clients. Together with the gateway's, in `package.json` and the API. */
export const VERSION = '0.1.0';
