package rules_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
)

// copies are domain controllers, each with its own values for al: a text in which
// spaces separate root, dir and, where it is not well known, whenChanged.
func copies(t *testing.T, now time.Time, values ...string) (audit.Result, []audit.Finding) {
	t.Helper()
	var all []audit.Replica
	for i, text := range values {
		name := "dc" + string(rune('1'+i))
		if text == "silent" {
			all = append(all, audit.Replica{Name: name})
			continue
		}
		f := strings.Fields(text)
		ldif := strings.NewReplacer(`\\fs01.corp.example.com\ftp$`, f[0], "msIIS-FTPDir: al", "msIIS-FTPDir: "+f[1]+"\nobjectGUID:: MDEyMzQ1Njc4OWFiY2RlZg==\nwhenChanged: "+f[2]).Replace(domain)
		all = append(all, audit.Replica{Name: name, Forest: directory(t, ldif).Forest})
	}
	return compare(t, now, func(context.Context) ([]audit.Replica, error) { return all, nil })
}

func compare(t *testing.T, now time.Time, replicas func(context.Context) ([]audit.Replica, error)) (audit.Result, []audit.Finding) {
	t.Helper()
	checks, err := audit.Select(rules.All(), audit.Scope{Rules: []string{"C08"}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	scope := ldapattr.Scope{Filter: "(" + homedir.AttrRoot + "=*)"}
	report, err := audit.Run(t.Context(), each([]ldapattr.Account{user("al")}), audit.Options{
		Checks: checks, Settings: audit.Settings{Now: now, Replicas: replicas, ReplicaScope: scope},
	})
	if err != nil {
		t.Fatal(err)
	}
	return report.Results[0], report.Findings
}

func TestC08(t *testing.T) {
	const one, other = `\\fs01\ftp$ al 20260601110000.0Z`, `\\fs01\ftp$ bob 20260601100000.0Z`
	late := now.Add(24 * time.Hour)
	for _, tt := range []struct {
		name   string
		now    time.Time
		copies []string
		want   string
	}{
		{"they differ for a day", late, []string{one, other}, "medium msIIS-FTPRoot, msIIS-FTPDir domain controllers have different values"},
		{"one of three differs", late, []string{one, one, other}, "medium msIIS-FTPRoot"},
		{"they differ for an hour", now, []string{one, other}, "passed"},
		{"they agree", late, []string{one, one}, "passed"},
		{"there is one alone", late, []string{one}, "passed"},
		{"one is silent", late, []string{one, "silent"}, "not checked: a domain controller does not answer"},
		{"one of three is silent", late, []string{one, other, "silent"}, "medium msIIS-FTPRoot"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			result, findings := copies(t, tt.now, tt.copies...)
			if got := said(result, findings); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if len(findings) == 1 && (findings[0].Login != "al" || findings[0].Evidence[0].Value != `msIIS-FTPRoot=\\fs01\ftp$, msIIS-FTPDir=al`) {
				t.Errorf("got %+v", findings[0])
			}
		})
	}
}

func TestC08_notChecked(t *testing.T) {
	result, _ := compare(t, now, func(context.Context) ([]audit.Replica, error) { return nil, errors.New("one alone is configured") })
	if result.NotChecked != 1 || result.Reasons[0].Text != "one alone is configured" {
		t.Errorf("got %+v", result)
	}
	if result, _ := compare(t, now, nil); result.NotChecked != 1 {
		t.Errorf("nobody to ask: %+v", result)
	}
}
