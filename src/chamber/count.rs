//! Counts that people took. Nobody can recount raised hands; what can be checked is that the figures are possible.

use super::ballot::{BallotForm, Counted, Papers, Question, QuestionForm};

impl Question {
    /// Whether `counted` can be what people counted in this form: every answer of the question, in its order, with figures
    /// that neither contradict each other nor exceed those present. Never for votes on the tablets, which are not reported.
    pub(super) fn can_be_counted(&self, form: BallotForm, counted: &Counted, papers: Option<&Papers>) -> bool {
        let has_every_answer = counted.answers.iter().map(|part| &part.answer).eq(self.answers.iter().map(|a| &a.key));
        let given = counted.answers.iter().map(|part| u64::from(part.count));
        let most = given.clone().max().unwrap_or(0);
        let sum: u64 = given.sum();
        let adds_up = match (form, papers) {
            (BallotForm::ShowOfHands, None) => self.divides(sum, most, counted.abstain(), counted.present, false),
            (BallotForm::Paper, Some(papers)) => {
                papers.add_up()
                    && papers.issued <= counted.present
                    && self.divides(sum, most, counted.abstain(), papers.valid, true)
            }
            (BallotForm::Electronic, _) | (BallotForm::ShowOfHands, Some(_)) | (BallotForm::Paper, None) => false,
        };
        has_every_answer && adds_up && counted.took_part == self.took_part_in(form, sum, counted.present, papers)
    }

    /// [`Counted::took_part`] of a count that people took. On paper the ballots returned. Hands raised for one candidate after
    /// the other do not tell who raised one: as many as can have, so that no share is made of too few.
    pub(super) fn took_part_in(
        &self,
        form: BallotForm,
        sum: u64,
        present: u32,
        papers: Option<&Papers>,
    ) -> Option<u32> {
        match (papers, self.form) {
            (Some(papers), _) => Some(papers.returned),
            (None, QuestionForm::Election { .. }) if form == BallotForm::ShowOfHands => {
                Some(u32::try_from(sum).map_or(present, |sum| sum.min(present)))
            }
            (None, _) => None,
        }
    }

    /// Whether `votes` votes (exactly so many, or at most) can have given these counts.
    fn divides(&self, sum: u64, most: u64, abstain: u32, votes: u32, exactly: bool) -> bool {
        let (abstain, votes) = (u64::from(abstain), u64::from(votes));
        match self.form {
            QuestionForm::Motion | QuestionForm::Choice if exactly => sum == votes,
            QuestionForm::Motion | QuestionForm::Choice => sum <= votes,
            // Each vote that does not abstain names as many as there are places at most.
            QuestionForm::Election { places } => {
                let (named, choosing) = (sum.saturating_sub(abstain), votes.saturating_sub(abstain));
                // A paper with fewer names is not valid; hands that were raised do not tell whose they were.
                let least = if exactly { u64::from(self.min_choices) } else { 0 };
                most <= votes && (choosing * least..=choosing * u64::from(places)).contains(&named)
            }
        }
    }
}

impl Papers {
    /// No paper was made up or lost.
    fn add_up(&self) -> bool {
        self.valid.checked_add(self.invalid) == Some(self.returned) && self.returned <= self.issued
    }
}
