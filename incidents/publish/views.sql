CREATE VIEW incidents_only AS SELECT * FROM incidents WHERE record_class = 'incident';
COMMENT ON VIEW incidents_only IS 'What "how many incidents" means: policy events, deployments, studies and round-ups are left out';

-- A table, because every question asks it and joining anew for each takes a second in a large release.
CREATE TABLE incident_overview AS
WITH named AS (
    SELECT x.incident_id,
           string_agg(DISTINCT o.name, '; ' ORDER BY o.name) FILTER (x.role IN ('vendor', 'algorithm_vendor')) AS vendors,
           string_agg(DISTINCT o.name, '; ' ORDER BY o.name) FILTER (x.role IN ('police_agency', 'search_operator')) AS agencies,
           string_agg(DISTINCT o.name, '; ' ORDER BY o.name) FILTER (x.role = 'deployer') AS deployers
    FROM incident_organizations x JOIN organizations o USING (organization_id) GROUP BY x.incident_id),
parties AS (
    SELECT incident_id, string_agg(DISTINCT display_label, '; ' ORDER BY display_label) AS affected
    FROM affected_parties GROUP BY incident_id)
SELECT i.*, p.name AS place, p.region, p.country, named.vendors, named.agencies, named.deployers, parties.affected
FROM incidents i LEFT JOIN places p USING (place_id) LEFT JOIN named USING (incident_id) LEFT JOIN parties USING (incident_id)
ORDER BY i.incident_id;
COMMENT ON TABLE incident_overview IS 'One row an incident with its place, vendors, agencies, deployers and affected parties';

CREATE VIEW corroborated AS SELECT * FROM incident_overview WHERE publisher_count >= 2;
COMMENT ON VIEW corroborated IS 'Incidents told by two or more independent publishers';

CREATE VIEW incidents_by_vendor AS
SELECT o.name AS vendor, count(DISTINCT i.incident_id) AS incidents, count(DISTINCT i.incident_id) FILTER (i.publisher_count >= 2) AS corroborated
FROM incidents_only i JOIN incident_organizations x USING (incident_id) JOIN organizations o USING (organization_id)
WHERE x.role IN ('vendor', 'algorithm_vendor') GROUP BY ALL ORDER BY incidents DESC, vendor;

CREATE VIEW incidents_by_agency AS
SELECT o.name AS agency, o.country, count(DISTINCT i.incident_id) AS incidents
FROM incidents_only i JOIN incident_organizations x USING (incident_id) JOIN organizations o USING (organization_id)
WHERE x.role IN ('police_agency', 'search_operator') GROUP BY ALL ORDER BY incidents DESC, agency;

CREATE VIEW incidents_by_country_and_year AS
SELECT p.country, year(i.event_on_start) AS year, count(*) AS incidents
FROM incidents_only i LEFT JOIN places p USING (place_id) GROUP BY ALL ORDER BY country, year;

CREATE MACRO timeline(id) AS TABLE
SELECT e.event_on, e.date_precision, e.event_type, o.name AS organization, e.amount, e.currency, e.amount_kind
FROM incident_events e LEFT JOIN organizations o USING (organization_id)
WHERE e.incident_id = coalesce((SELECT new_id FROM id_redirects WHERE old_id = id LIMIT 1), id) ORDER BY e.event_on, e.event_type;

CREATE MACRO why(id) AS TABLE
SELECT e.table_name, e.field, e.value, e.selected, e.quote, a.publisher, a.published_on, a.url, r.archive_file, r.archive_offset, e.extractor, e.score
FROM (SELECT id AS row_id
      UNION ALL SELECT incident_organization_id FROM incident_organizations WHERE incident_id = id
      UNION ALL SELECT affected_party_id FROM affected_parties WHERE incident_id = id
      UNION ALL SELECT incident_event_id FROM incident_events WHERE incident_id = id
      UNION ALL SELECT proceeding_id FROM proceedings WHERE incident_id = id
      UNION ALL SELECT incident_tag_id FROM incident_tags WHERE incident_id = id) owned
JOIN evidence e USING (row_id) JOIN article_revisions r USING (revision_id) JOIN articles a USING (article_id)
ORDER BY e.table_name, e.field, e.selected DESC, e.score DESC, e.evidence_id;
