-- Which acts are about which object, and who signed each in which office (projections/timeline.py).
SET LOCAL ROLE acervo_app;

CREATE TABLE registry.told_acts (
  entry_index bigint PRIMARY KEY,
  recorded    timestamptz NOT NULL,
  type        text COLLATE "C" NOT NULL,
  stream      text COLLATE "C" NOT NULL,
  version     bigint NOT NULL,
  occurred_at text NOT NULL,
  signer      text COLLATE "C" NOT NULL,
  office      text COLLATE "C" NOT NULL,
  voice       text NOT NULL
);
CREATE INDEX told_acts_by_signer ON registry.told_acts (signer, office, entry_index);
CREATE INDEX told_acts_by_office ON registry.told_acts (office, entry_index);

CREATE TABLE registry.act_objects (
  kind        text COLLATE "C" NOT NULL,
  path        text COLLATE "C" NOT NULL,
  entry_index bigint NOT NULL,
  relation    text NOT NULL,                            -- own | part | named
  PRIMARY KEY (kind, path, entry_index)
);
