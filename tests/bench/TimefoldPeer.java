import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import ai.timefold.solver.core.api.score.buildin.bendable.BendableScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintCollectors;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import ai.timefold.solver.core.api.score.stream.Joiners;
import ai.timefold.solver.core.api.solver.Solver;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.SolverConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The planner's question for Timefold: one entity a seat, its values the people who may take it
 * with each start at which they can. Hard: one start a visit, nobody in two places, own limits,
 * the least number of people. Soft, strictly in this order: weighted seats, points, load, returns.
 *
 * Arguments: QUESTION SECONDS [CONFIG.xml]; seconds are CPU seconds of the solving thread. Lines
 * `seat VISIT PERSON START` go to the standard output, the way to them to the error output.
 */
public class TimefoldPeer {
    static final int MINUTES_A_DAY = 1440;

    public record Day(int month, int week, boolean cold) {}

    public record Person(int number, int monthMinutes, int weekVisits, double warmKmh, double coldKmh) {
        @Override public boolean equals(Object other) { return this == other; }

        @Override public int hashCode() { return number; }
    }

    public record Visit(int number, int need, int seats, int least, int weight, int minutes,
                        double lat, double lon, List<Choice> choices) {
        @Override public boolean equals(Object other) { return this == other; }

        @Override public int hashCode() { return number; }
    }

    public record Choice(Visit visit, Person person, int start, Day day, int points) {
        @Override public boolean equals(Object other) { return this == other; }

        @Override public int hashCode() { return System.identityHashCode(this); }
    }

    public record Month(Person person, int month) {}

    public record Week(Person person, int week) {}

    public record Pair(Person person, int need) {}

    /** The most urgent first, among them the one for whom fewest can come. */
    public static class HardestLast implements Comparator<Seat> {
        @Override
        public int compare(Seat one, Seat other) {
            int urgency = Integer.compare(one.visit.weight, other.visit.weight);
            int few = Integer.compare(other.visit.choices.size(), one.visit.choices.size());
            return urgency != 0 ? urgency : few != 0 ? few : Integer.compare(other.id, one.id);
        }
    }

    @PlanningEntity(difficultyComparatorClass = HardestLast.class)
    public static class Seat {
        @PlanningId public int id;
        public Visit visit;
        @PlanningVariable(allowsUnassigned = true) public Choice choice;

        public Seat() {}

        Seat(int id, Visit visit) {
            this.id = id;
            this.visit = visit;
        }

        @ValueRangeProvider public List<Choice> getChoices() { return visit.choices; }

        public Person person() { return choice.person; }

        public Month month() { return new Month(choice.person, choice.day.month); }

        public Week week() { return new Week(choice.person, choice.day.week); }

        public Pair pair() { return new Pair(choice.person, visit.need); }
    }

    @PlanningSolution
    public static class Plan {
        @PlanningEntityCollectionProperty public List<Seat> seats;
        @PlanningScore(bendableHardLevelsSize = 1, bendableSoftLevelsSize = 4)
        public BendableScore score;
    }

    public static class Rules implements ConstraintProvider {
        static final BendableScore HARD = BendableScore.ofHard(1, 4, 0, 1);

        static BendableScore soft(int level) { return BendableScore.ofSoft(1, 4, level, 1); }

        @Override
        public Constraint[] defineConstraints(ConstraintFactory all) {
            return new Constraint[] {
                all.forEachUniquePair(Seat.class, Joiners.equal(seat -> seat.visit.number))
                    .filter((one, other) -> one.choice.start != other.choice.start)
                    .penalize(HARD).asConstraint("one start a visit"),
                all.forEachUniquePair(Seat.class, Joiners.equal(seat -> seat.choice.person.number))
                    .filter((one, other) -> collide(one.choice, other.choice))
                    .penalize(HARD).asConstraint("one place at a time"),
                all.forEach(Seat.class)
                    .filter(seat -> seat.person().monthMinutes >= 0)
                    .groupBy(Seat::month, ConstraintCollectors.sum(seat -> seat.visit.minutes))
                    .filter((month, minutes) -> minutes > month.person.monthMinutes)
                    .penalize(HARD, (month, minutes) -> minutes - month.person.monthMinutes)
                    .asConstraint("hours a month"),
                all.forEach(Seat.class)
                    .filter(seat -> seat.person().weekVisits >= 0)
                    .groupBy(Seat::week, ConstraintCollectors.count())
                    .filter((week, visits) -> visits > week.person.weekVisits)
                    .penalize(HARD, (week, visits) -> visits - week.person.weekVisits)
                    .asConstraint("visits a week"),
                all.forEach(Seat.class)
                    .filter(seat -> seat.visit.least > 1)
                    .groupBy(seat -> seat.visit, ConstraintCollectors.count())
                    .filter((visit, people) -> people < visit.least)
                    .penalize(HARD, (visit, people) -> visit.least - people)
                    .asConstraint("least people"),
                all.forEach(Seat.class)
                    .reward(soft(0), seat -> seat.visit.weight).asConstraint("weighted seats"),
                all.forEach(Seat.class)
                    .reward(soft(1), seat -> seat.choice.points).asConstraint("points"),
                all.forEach(Seat.class)
                    .groupBy(Seat::person, ConstraintCollectors.count())
                    .penalize(soft(2), (person, visits) -> visits * (visits - 1) / 2)
                    .asConstraint("load"),
                all.forEach(Seat.class)
                    .groupBy(Seat::pair, ConstraintCollectors.count())
                    .reward(soft(3), (pair, visits) -> visits - 1).asConstraint("returns"),
            };
        }
    }

    static boolean collide(Choice one, Choice other) {
        boolean inOrder = one.start < other.start
            || one.start == other.start && one.visit.minutes <= other.visit.minutes;
        Choice early = inOrder ? one : other, late = inOrder ? other : one;
        int gap = late.start - early.start - early.visit.minutes;
        return gap < MINUTES_A_DAY && gap < travel(early, late);
    }

    static int travel(Choice one, Choice other) {
        double a = Math.toRadians(one.visit.lat), b = Math.toRadians(other.visit.lat);
        double turn = Math.toRadians(other.visit.lon - one.visit.lon);
        double half = Math.pow(Math.sin((b - a) / 2), 2)
            + Math.cos(a) * Math.cos(b) * Math.pow(Math.sin(turn / 2), 2);
        double km = 2 * 6371.0 * Math.asin(Math.sqrt(half));
        boolean cold = one.day.cold || other.day.cold;
        double kmh = cold ? one.person.coldKmh : one.person.warmKmh;
        return (int) Math.ceil(5 + 60 * 1.35 * km / kmh);
    }

    static Plan read(Path question) throws IOException {
        Map<Integer, Day> days = new HashMap<>();
        List<Person> people = new ArrayList<>();
        List<Visit> visits = new ArrayList<>();
        Plan plan = new Plan();
        plan.seats = new ArrayList<>();
        for (String line : Files.readAllLines(question)) {
            String[] w = line.split(" ");
            switch (w[0]) {
                case "day" -> days.put(whole(w[1]), new Day(whole(w[2]), whole(w[3]), w[4].equals("1")));
                case "person" -> people.add(new Person(people.size(), whole(w[1]), whole(w[2]),
                    Double.parseDouble(w[3]), Double.parseDouble(w[4])));
                case "visit" -> visits.add(new Visit(visits.size(), whole(w[1]), whole(w[2]), whole(w[3]),
                    whole(w[4]), whole(w[5]), Double.parseDouble(w[6]), Double.parseDouble(w[7]),
                    new ArrayList<>()));
                case "choice" -> {
                    Visit visit = visits.get(whole(w[1]));
                    for (int i = 4; i < w.length; i++) {
                        int start = whole(w[i]);
                        visit.choices.add(new Choice(visit, people.get(whole(w[2])), start,
                            days.get(start / MINUTES_A_DAY), whole(w[3])));
                    }
                }
                default -> throw new IOException("Unknown line: " + line);
            }
        }
        for (Visit visit : visits)
            for (int i = 0; i < visit.seats && !visit.choices.isEmpty(); i++)
                plan.seats.add(new Seat(plan.seats.size(), visit));
        return plan;
    }

    static int whole(String text) { return Integer.parseInt(text); }

    public static void main(String[] given) throws Exception {
        Plan question = read(Path.of(given[0]));
        long most = Long.parseLong(given[1]) * 1_000_000_000L;
        SolverConfig config = given.length > 2
            ? SolverConfig.createFromXmlFile(new java.io.File(given[2])) : new SolverConfig();
        config.withSolutionClass(Plan.class).withEntityClasses(Seat.class)
            .withConstraintProviderClass(Rules.class);
        Solver<Plan> solver = SolverFactory.<Plan>create(config).buildSolver();
        var threads = ManagementFactory.getThreadMXBean();
        long solving = Thread.currentThread().getId(), began = threads.getThreadCpuTime(solving);
        long[] told = {0};
        solver.addEventListener(event -> {
            long taken = threads.getThreadCpuTime(solving) - began;
            if (taken < told[0] + 5_000_000_000L) return;
            told[0] = taken;
            System.err.printf("%.0f CPU s: %s%n", taken / 1e9, event.getNewBestScore());
        });
        Thread watch = new Thread(() -> {
            try {
                while (threads.getThreadCpuTime(solving) - began < most) Thread.sleep(100);
                solver.terminateEarly();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        watch.setDaemon(true);
        watch.start();
        Plan plan = solver.solve(question);
        System.err.printf("%.1f CPU s at the end: %s%n",
            (threads.getThreadCpuTime(solving) - began) / 1e9, plan.score);
        for (Seat seat : plan.seats)
            if (seat.choice != null)
                System.out.printf("seat %d %d %d%n", seat.visit.number, seat.choice.person.number, seat.choice.start);
    }
}
