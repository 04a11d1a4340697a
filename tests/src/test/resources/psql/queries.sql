-- Joins, sub-selects, CTEs, grouping, set operations, ordering.
CREATE TABLE author (id int PRIMARY KEY, name text NOT NULL, country text);
CREATE TABLE book (id int PRIMARY KEY, author_id int, title text NOT NULL, price numeric(6,2), year int);
INSERT INTO author VALUES (1, 'Anna', 'SE'), (2, 'Bo', 'SE'), (3, 'Carl', NULL), (4, 'Dora', 'DE');
INSERT INTO book VALUES (1, 1, 'Alpha', 10.50, 2001), (2, 1, 'Beta', 12.00, 2003), (3, 2, 'Gamma', NULL, 2003),
  (4, 4, 'Delta', 7.25, 1999), (5, NULL, 'Orphan', 3.00, 2010);
SELECT a.name, b.title FROM author a JOIN book b ON b.author_id = a.id ORDER BY b.id;
SELECT a.name, b.title FROM author a LEFT JOIN book b ON b.author_id = a.id ORDER BY a.id, b.id;
SELECT a.name, b.title FROM author a RIGHT JOIN book b ON b.author_id = a.id ORDER BY b.id;
SELECT a.name, b.title FROM author a FULL JOIN book b ON b.author_id = a.id ORDER BY a.id NULLS LAST, b.id NULLS FIRST;
SELECT count(*) FROM author CROSS JOIN book;
SELECT a.name, b.title FROM author a, book b WHERE a.id = b.author_id AND b.price > 10 ORDER BY 2 DESC;
SELECT country, count(*), count(country) FROM author GROUP BY country ORDER BY country;
SELECT a.name, count(b.id) AS books, sum(b.price) AS total, avg(b.price) AS mean, min(b.year), max(b.year)
  FROM author a LEFT JOIN book b ON b.author_id = a.id GROUP BY a.id ORDER BY a.id;
SELECT author_id, count(*) FROM book GROUP BY author_id HAVING count(*) > 1;
SELECT DISTINCT year FROM book ORDER BY year DESC;
SELECT count(DISTINCT year) AS years, sum(price) FILTER (WHERE year > 2000) AS recent FROM book;
SELECT name FROM author WHERE id IN (SELECT author_id FROM book WHERE year = 2003) ORDER BY name;
SELECT name FROM author WHERE id NOT IN (SELECT author_id FROM book WHERE author_id IS NOT NULL) ORDER BY name;
SELECT name FROM author a WHERE EXISTS (SELECT 1 FROM book b WHERE b.author_id = a.id AND b.price > 11);
SELECT name, (SELECT max(year) FROM book b WHERE b.author_id = a.id) AS last FROM author a ORDER BY id;
SELECT title FROM book WHERE price > (SELECT avg(price) FROM book) ORDER BY title;
SELECT title FROM book WHERE year >= ALL (SELECT year FROM book WHERE year IS NOT NULL);
SELECT title FROM book WHERE author_id = ANY (ARRAY[2, 4]) ORDER BY id;
WITH recent AS (SELECT * FROM book WHERE year > 2000), counts AS (SELECT author_id, count(*) AS n FROM recent GROUP BY author_id)
  SELECT a.name, c.n FROM counts c JOIN author a ON a.id = c.author_id ORDER BY a.name;
SELECT name FROM author UNION SELECT title FROM book ORDER BY 1 LIMIT 3;
SELECT year FROM book UNION ALL SELECT id FROM author ORDER BY year LIMIT 4 OFFSET 1;
SELECT id FROM author INTERSECT SELECT author_id FROM book ORDER BY 1;
SELECT id FROM author EXCEPT SELECT author_id FROM book ORDER BY 1;
VALUES (1, 'one'), (2, 'two');
SELECT x.n, x.w FROM (VALUES (1, 'one'), (2, 'two')) AS x(n, w) WHERE x.n > 1;
SELECT title, price FROM book ORDER BY price DESC, title LIMIT 2;
SELECT title, price FROM book ORDER BY price NULLS FIRST LIMIT 2;
SELECT n, n * n AS square FROM generate_series(1, 5) AS g(n) WHERE n % 2 = 1;
SELECT b.title, s.name FROM book b JOIN (SELECT id, name FROM author WHERE country = 'SE') s ON s.id = b.author_id ORDER BY 1;
SELECT * FROM author JOIN (SELECT author_id AS id, title FROM book) b USING (id) ORDER BY title;
SELECT upper(name) AS u, count(*) FROM author GROUP BY u ORDER BY u LIMIT 2;
SELECT string_agg(name, ', ' ORDER BY name) AS names, bool_and(id > 0) AS positive FROM author;
SELECT 1 AS one WHERE false;
DROP TABLE book, author;
