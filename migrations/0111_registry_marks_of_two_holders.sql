-- Real sources mark propietario and suplente of one seat in one vote (the import remarks it): a mark is of a holder.
SET LOCAL ROLE acervo_app;
ALTER TABLE registry.marks
  ALTER COLUMN designation SET NOT NULL,
  DROP CONSTRAINT marks_pkey,
  ADD PRIMARY KEY (vote_index, seat, designation);
