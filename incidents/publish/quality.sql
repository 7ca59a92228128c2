-- What is counted in a release: figure, scope, scope_value, value, basis. All tables are those about to be published.
WITH reports AS (
    SELECT incident_id, article_id FROM incident_articles WHERE relation IN ('reports', 'follow_up')),
only_incidents AS (
    SELECT i.*, coalesce(p.country, 'unknown') AS country
    FROM incidents i LEFT JOIN places p USING (place_id) WHERE record_class = 'incident'),
told AS (  -- every record with the articles that report it
    SELECT i.incident_id, i.record_class, coalesce(p.country, 'unknown') AS country, a.article_id,
           coalesce(a.language, 'und') AS language
    FROM reports JOIN incidents i USING (incident_id) JOIN articles a USING (article_id) LEFT JOIN places p USING (place_id))

SELECT 'incidents', 'all', NULL, count(*), 'records with record_class incident' FROM only_incidents
UNION ALL SELECT 'incidents', 'country', country, count(*), 'where they happened' FROM only_incidents GROUP BY ALL
UNION ALL SELECT 'incidents', 'language', language, count(DISTINCT incident_id),
    'languages of the articles that report them; one told in two counts in both'
    FROM told WHERE record_class = 'incident' GROUP BY ALL
UNION ALL SELECT 'records', 'all', NULL, count(*), 'incidents and all other records of the table incidents' FROM incidents
UNION ALL SELECT 'articles', 'all', NULL, count(*), 'copies included' FROM articles
UNION ALL SELECT 'articles', 'country', country, count(*), 'articles that report a record, by where it happened'
    FROM told GROUP BY ALL
UNION ALL SELECT 'articles', 'language', coalesce(language, 'und'), count(*), 'copies included' FROM articles GROUP BY ALL
UNION ALL SELECT 'articles', 'source_group', coalesce(g.source_group, 'inbox'), count(*),
    'by the group of the source that led to them' FROM articles LEFT JOIN source_groups g USING (source) GROUP BY ALL
UNION ALL SELECT 'articles_without_a_record', 'all', NULL, count(*), 'articles that report no record'
    FROM articles ANTI JOIN reports USING (article_id)
UNION ALL SELECT 'two_publishers_share', 'all', NULL, avg(CAST(publisher_count >= 2 AS INTEGER)),
    'incidents told by two or more independent publishers' FROM only_incidents
UNION ALL SELECT 'two_publishers_share', 'country', country, avg(CAST(publisher_count >= 2 AS INTEGER)),
    'incidents told by two or more independent publishers' FROM only_incidents GROUP BY ALL
UNION ALL SELECT 'day_precision_share', 'all', NULL, avg(CAST(date_precision = 'day' AND date_basis <> 'publication' AS INTEGER)),
    'incidents whose date is exact to the day and rests on what a text says, not on the day of publication' FROM only_incidents
UNION ALL SELECT 'reviewed_share', 'all', NULL, avg(CAST(review_level <> 'machine' AS INTEGER)),
    'incidents that a person has looked at' FROM only_incidents
