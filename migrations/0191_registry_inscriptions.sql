-- Under which number a designation stands in the Registro Público de Organismos Descentralizados (LFEP 23–26).
SET LOCAL ROLE acervo_app;

ALTER TABLE registry.designations ADD COLUMN inscription text COLLATE "C";
