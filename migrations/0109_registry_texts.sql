-- Texts that an act opened to everybody (TextPublished), and those that were erased.
SET LOCAL ROLE acervo_app;

-- disclosure: as the signer made it, checked against the entry's digest; value: what it says. Both are gone once erased.
CREATE TABLE registry.published_texts (
  entry_index     bigint NOT NULL,
  name            text COLLATE "C" NOT NULL,
  published_index bigint,
  erased_index    bigint,
  disclosure      text,
  value           jsonb,
  PRIMARY KEY (entry_index, name)
);
