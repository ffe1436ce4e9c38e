-- Access tokens that were used, for every server of this ledger (api/access): each is good once. A row is of no use once
-- its token has expired, and goes with the next one. Nothing in it says whose the token was.
CREATE SCHEMA access AUTHORIZATION acervo_app;
SET LOCAL ROLE acervo_app;
CREATE TABLE access.used_tokens (
  mark bytea PRIMARY KEY CHECK (octet_length(mark) = 32), -- SHA-256 of signer and jti
  until timestamptz NOT NULL
);
CREATE INDEX used_tokens_until ON access.used_tokens (until);
